// Offers the time zone of this device where another one is typed; nothing is chosen for anybody. Without it,
// the zone is typed.
(() => {
  const field = document.getElementById("zone");
  const offer = document.querySelector("[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field || !offer || !own) {
    return;
  }
  const now = document.getElementById("zone-now");
  const time = () =>
    new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", timeZoneName: "shortOffset" });
  const shown = () => {
    offer.hidden = field.value === own;
  };
  offer.querySelector("bdi").textContent = own;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = own;
    now.textContent = time();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", shown);
  shown();
})();
