// Applies the user's choice of light or dark before the first paint. It is a file of its own, and not a module: a module
// would run after the first paint, and the content security policy refuses inline scripts. src/account/theme.ts writes the
// value.
try {
  const theme = localStorage.getItem("notejam:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked. The system's theme is used.
}
