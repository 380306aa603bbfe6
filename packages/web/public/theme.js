// See src/account/theme.ts.
try {
  const theme = localStorage.getItem("notejam:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked. The system's theme is used.
}
