// The five operations and where each is asked for. https://docs.aws.amazon.com/rdsdataservice/latest/APIReference

export const OPERATION_PATHS = {
  ExecuteStatement: "/Execute",
  BatchExecuteStatement: "/BatchExecute",
  BeginTransaction: "/BeginTransaction",
  CommitTransaction: "/CommitTransaction",
  RollbackTransaction: "/RollbackTransaction",
} as const;

export type Operation = keyof typeof OPERATION_PATHS;
