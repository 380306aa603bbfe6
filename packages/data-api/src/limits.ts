// Every limit of the Data API, in one place [doc, unless it says otherwise].

export const LIMITS = {
  /** UTF-16 units of a statement. */
  statementCharacters: 65_536,
  transactionIdCharacters: 192,
  databaseCharacters: 64,
  arnCharacters: { min: 11, max: 100 },
  /** Of a request's body. AWS counts the headers as well; that difference is left out. */
  requestBytes: 4 * 1024 * 1024,
  /** For a request's body to arrive. AWS's limit is not known. */
  requestMs: 30_000,
  /** Of the JSON that is answered. AWS says "1 MB", of the database's own bytes, and not which MB. */
  responseBytes: 1024 * 1024,
  /** Of `formattedRecords`. */
  formattedRecordsBytes: 10 * 1024 * 1024,
  /** Of a row's JSON. Larger rows were seen to pass [live]; it is a limit to stay below, so it is kept here. */
  rowBytes: 64 * 1024,
  /** For a call's statement; and, before that begins, for waiting until a session comes free. */
  callMs: 45_000,
  transactionIdleMs: 3 * 60_000,
  transactionMs: 24 * 3_600_000,
} as const;
