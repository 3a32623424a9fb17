"""The one Celery task: look at one entry of the due set, and do what it says."""

from alerts.errors import AlertsError
from alerts.logs import log
from alerts.model import Work
from alerts.operations.owed_work import do_owed
from alerts.runtime.celery_app import LOOK, app
from alerts.runtime.doorbell import ring
from alerts.runtime.process import batch_sender


@app.task(name=LOOK, ignore_result=True)
def look(entry: str) -> None:
    """Do what is owed under this entry and ring for what it leaves.

    What is urgent goes on at once: its next step is done here, and does not queue behind anything again.
    """
    work: Work | None = Work.parse(entry)
    try:
        while work:
            done, following, work = work, do_owed(batch_sender(), work), None
            ends = batch_sender().services.stopping.is_set()
            if following and following[0].urgent and following[0] != done and not ends:
                work = following.pop(0)
            ring(following)
    except AlertsError as fault:
        log.warning("step put off", entry=entry, why=fault.sentence)
