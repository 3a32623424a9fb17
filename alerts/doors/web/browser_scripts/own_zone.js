// Knows the time zone of this device. Where nobody has chosen one, it is put into the field; where another one
// is typed, it is offered beside it, and taken by nobody but its reader. Without this, the zone is typed.
addEventListener("DOMContentLoaded", () => {
  const field = document.getElementById("zone");
  const offer = document.querySelector("[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field || !offer || !own) {
    return;
  }
  const take = () => {
    field.value = own;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const shown = () => {
    offer.hidden = field.value === own;
  };
  offer.querySelector("bdi").textContent = own;
  offer.querySelector("button").addEventListener("click", take);
  field.addEventListener("change", shown);
  if (field.hasAttribute("data-unchosen") && field.value !== own) {
    take();
  }
  shown();
});
