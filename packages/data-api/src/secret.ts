// What a secret stands for, as the options say it and the engines take it.

/** A role with its password, or the owner, whom the database was given with. */
export type Secret = "owner" | Credentials;

export interface Credentials {
  username: string;
  password: string;
}
