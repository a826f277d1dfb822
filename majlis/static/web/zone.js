// Tells the server the browser's time zone, so that times stand in it. Without this script they stand in UTC, named.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = document.cookie.match(/(?:^|; )zone=([^;]*)/);
if (zone && decodeURIComponent(known?.[1] ?? "") !== zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
// A menu closes when one clicks elsewhere or presses Escape, as menus do.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) { menu.open = false; menu.querySelector("summary").focus(); }
});
