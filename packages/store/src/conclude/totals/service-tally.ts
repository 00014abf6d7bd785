/** How many attached policies and principals have a service, before and after. */
export interface ServiceCounts {
  attachmentsBefore: number;
  attachmentsAfter: number;
  principalsBefore: number;
  principalsAfter: number;
  /** Of those after, the ones that keep it only because nothing says that they do not use it, or because they are left alone. */
  principalsUnknown: number;
}

/** Counts services, principal by principal: add the policies of one, end it, and take the sums when all are in. */
export class ServiceTally {
  readonly #counts: ServiceCounts[];
  /** What the principal at hand has, and which services that are. */
  readonly #had: Uint8Array;
  #touched: number[] = [];

  constructor(services: number) {
    this.#counts = Array.from({ length: services }, zero);
    this.#had = new Uint8Array(services);
  }

  addBefore(services: Uint16Array): void {
    for (const service of services) {
      this.#counts[service]!.attachmentsBefore++; // places are inside, here and below
      this.#mark(service, BEFORE);
    }
  }

  /** @param isTold whether a report says what the principal does not use, and the policy is not left alone */
  addAfter(services: Uint16Array, isTold: boolean): void {
    for (const service of services) {
      this.#counts[service]!.attachmentsAfter++;
      this.#mark(service, isTold ? AFTER | TOLD : AFTER);
    }
  }

  /** How many services the principal had, and how many of them it loses. */
  endPrincipal(): { readonly before: number; readonly removed: number } {
    let [before, removed] = [0, 0];
    for (const service of this.#touched) {
      const had = this.#had[service]!;
      const counts = this.#counts[service]!;
      if ((had & BEFORE) !== 0) {
        before++;
        counts.principalsBefore++;
        if ((had & AFTER) === 0) removed++;
      }
      if ((had & AFTER) !== 0) {
        counts.principalsAfter++;
        if ((had & TOLD) === 0) counts.principalsUnknown++;
      }
      this.#had[service] = 0;
    }
    this.#touched = [];
    return { before, removed };
  }

  /** The services that anybody had or has, with their sums; counting begins anew. */
  *take(): Generator<readonly [service: number, counts: ServiceCounts]> {
    for (const [service, counts] of this.#counts.entries()) {
      if (counts.attachmentsBefore + counts.attachmentsAfter === 0) continue;
      this.#counts[service] = zero();
      yield [service, counts];
    }
  }

  #mark(service: number, what: number): void {
    if (this.#had[service] === 0) this.#touched.push(service);
    this.#had[service]! |= what;
  }
}

const BEFORE = 1;
const AFTER = 2;
const TOLD = 4;

function zero(): ServiceCounts {
  return {
    attachmentsBefore: 0,
    attachmentsAfter: 0,
    principalsBefore: 0,
    principalsAfter: 0,
    principalsUnknown: 0,
  };
}
