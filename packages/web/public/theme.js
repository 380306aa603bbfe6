// Puts the reader's choice of light or dark on the page before anything is painted. A file of its own and not a
// module, since a module would run after the first paint and the content security policy refuses inline scripts.
// src/app/theme.ts writes what is read here.
try {
  const theme = localStorage.getItem("notejam:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused to this page: the system's theme is used.
}
