// What a language is made of. It stands apart from index.ts, which imports the languages.

/** The same texts in another language: one that is missing does not compile. */
export type Translation<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends string
    ? string
    : Words[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translation<Words[Key]>;
};
