// What is said where somebody finds and replaces in the text of a note.

export const en = {
  find: {
    placeholder: "Find",
    label: "In this note",
    field: "Find in this note",
    hit: "{{ n }} of {{ count }}",
    hits: "{{ count }} found",
    manyHits: "{{ count }}+",
    noHit: "Not found",
    previous: "Previous",
    next: "Next",
    with: "Replace with",
    replace: "Replace",
    all: "All",
    replaced: (n: number) => `Replaced ${n}.`,
    sameCase: "Same case",
    close: "Close",
    foundHit: "Found",
    onLine: "on line",
    replacedOnLine: "Replaced one on line $",
    replacedHits: "Replaced $",
    caseSign: "Aa",
  },
} as const;
