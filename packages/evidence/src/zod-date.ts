import { z } from "zod";
import { dateOrNull } from "./fields.ts";

type MaybeDate = z.ZodType<string | number | null | undefined>;

/** A date as AWS's tools print it, perhaps absent or null; what is no date counts as none (`dateOrNull`). */
export const awsDate: MaybeDate = z.union([z.string(), z.number()]).nullish();

/** The same where a date that cannot be read must not pass for none: none means never accessed there, and never means unused. */
export const certainDate: MaybeDate = z.custom<string | number | null>(isCertain, "this is no date").optional();

/** A date in a form of our own: `2026-09-24`, or with a time and perhaps an offset. */
export const isoDate: z.ZodType<string> = z.string().refine((text) => DATE.safeParse(text).success, {
  message: "this should be a date such as `2026-09-24` or `2026-09-24T09:38:48Z`",
});

const DATE = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

function isCertain(value: unknown): boolean {
  return value === null || ((typeof value === "string" || typeof value === "number") && dateOrNull(value) !== null);
}
