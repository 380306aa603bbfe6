// The public form of an account, and the input that creates or changes one.
import * as z from "zod/mini";
import { Email, Id, NewPassword, Password, Time } from "../field/schema.ts";

export const User = z.object({ id: Id, email: z.string(), createdAt: Time });
export type User = z.infer<typeof User>;

export const SignUp = z.strictObject({ email: Email, password: NewPassword });
export type SignUp = z.infer<typeof SignUp>;

export const ChangePassword = z.strictObject({ currentPassword: Password, newPassword: NewPassword });
export type ChangePassword = z.infer<typeof ChangePassword>;
