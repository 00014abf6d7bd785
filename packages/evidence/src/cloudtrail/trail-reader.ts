import type { EventRecord } from "@leastwise/core";
import { dateOrNull, isObject } from "../fields.ts";
import { callerOf, typeOf } from "./caller.ts";
import { isDenied } from "./denied.ts";
import { EventTally } from "./event-tally.ts";

/** Records that were left out: how many, and where the first of them is. */
export interface LeftOut {
  readonly records: number;
  readonly first: string;
}

/** Dates and callers repeat within a file; more than this of them are not remembered. */
const MOST_REMEMBERED = 10_000;

/**
 * Counts what CloudTrail records say. The checks are written by hand: a trail has millions of records, and a schema library takes
 * longer for one than parsing its JSON does.
 *
 * Only events of type `AwsApiCall` are calls by a principal that needed a permission. The others are counted by their type:
 * `AwsServiceEvent` and `AwsCloudTrailInsight` are no calls, `AwsConsoleSignIn` and `AwsConsoleAction` need no permission that a
 * policy could grant, and `AwsVpceEvent` tells of a call a second time. Records before version 1.02 have no type, as all were calls.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export class TrailReader {
  readonly #tally = new EventTally();
  readonly #dates = new Map<string, string | null>();
  readonly #issuers = new Map<string, string>();
  #wrongShapes = 0;
  #firstWrongShape = "";
  #badNames = 0;
  #firstBadName = "";

  /** Counts a record; one of a wrong shape costs itself. `place` tells where it is, and is only called for one that is left out. */
  read(record: unknown, place: () => string): void {
    if (!isObject(record)) return this.#wrong(place);
    const at = this.#date(record["eventTime"]);
    if (at === null) return this.#wrong(place);
    const errorCode = record["errorCode"];
    const used = typeof errorCode === "string" && isDenied(errorCode) ? null : at;
    const eventType = record["eventType"];
    if (eventType !== "AwsApiCall" && eventType !== undefined && eventType !== null) {
      return this.#tally.add(typeOf(eventType), "", "", used);
    }
    const eventSource = record["eventSource"];
    const eventName = record["eventName"];
    if (typeof eventSource !== "string" || typeof eventName !== "string") return this.#wrong(place);
    if (!isSource(eventSource)) return this.#wrong(place); // S3's notifications have `aws:s3` there
    if (!isName(eventName)) return this.#badName(place);
    const caller = this.#caller(record["userIdentity"]);
    if (caller.startsWith("type:")) return this.#tally.add(caller, "", "", used);
    return this.#tally.add(caller, eventSource, eventName, used);
  }

  events(): Iterable<EventRecord> {
    return this.#tally.records();
  }

  /** Records that are none of CloudTrail's, or lack what every record has. */
  get wrongShapes(): LeftOut {
    return { records: this.#wrongShapes, first: this.#firstWrongShape };
  }

  /** Records whose `eventName` cannot be one. */
  get badNames(): LeftOut {
    return { records: this.#badNames, first: this.#firstBadName };
  }

  #wrong(place: () => string): void {
    if (this.#wrongShapes++ === 0) this.#firstWrongShape = place();
  }

  #badName(place: () => string): void {
    if (this.#badNames++ === 0) this.#firstBadName = place();
  }

  #date(text: unknown): string | null {
    if (typeof text !== "string") return null;
    let date = this.#dates.get(text);
    if (date === undefined) {
      date = STARTS_AS_DATE.test(text) ? dateOrNull(text) : null; // what is no ISO 8601 would be read in this machine's time zone
      remember(this.#dates, text, date);
    }
    return date;
  }

  /** As `callerOf`, which is asked once for each role's ARN. */
  #caller(identity: unknown): string {
    if (!isObject(identity) || identity["type"] !== "AssumedRole") return callerOf(identity);
    const session = identity["sessionContext"];
    const issuer = isObject(session) ? session["sessionIssuer"] : undefined;
    const arn = isObject(issuer) ? issuer["arn"] : undefined;
    if (typeof arn !== "string") return callerOf(identity);
    const known = this.#issuers.get(arn);
    if (known !== undefined) return known;
    const caller = callerOf(identity);
    if (caller === arn) remember(this.#issuers, arn, caller);
    return caller;
  }
}

const STARTS_AS_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
}

/** A host's name, as `s3.amazonaws.com`. */
function isSource(text: string): boolean {
  return text.length <= 200 && /^[\w-]+(?:\.[\w-]+)+$/.test(text);
}

/** Operations have names of printable ASCII characters; the longest has some 70. */
function isName(text: string): boolean {
  return text.length > 0 && text.length <= 200 && /^[ -~]+$/.test(text);
}
