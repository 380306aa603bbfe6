// The pages of what is kept: the trash, a note's history, and notes as of another time. They share most of their code, so they
// load together.
export { default as History } from "../notes/history/history-page.tsx";
export { default as Past } from "../past/past-page.tsx";
export { default as Trash } from "../trash/trash-page.tsx";
