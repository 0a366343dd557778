// Runs before the first paint, so that nobody sees the other theme flash by.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is switched off: follow the system
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = read("hourglass.theme") || (dark ? "dark" : "light");
  const wanted = read("hourglass.locale") || navigator.language || "zh-CN";
  root.lang = wanted.startsWith("zh") ? "zh-CN" : "en";
})();
