import type { Unused, UnusedService } from "@leastwise/core";

/** One thing that U says: a name, or (null) that the service is unused whole, so that its names are what is excepted. */
export interface ReportLine {
  readonly service: string;
  readonly name: string | null;
}

export function reportOf(unused: Unused): readonly ReportLine[] {
  return unused.flatMap(({ service, whole, names }) => [
    ...(whole ? [{ service, name: null }] : []),
    ...names.map((name) => ({ service, name })),
  ]);
}

/** Canonical again: sorted, each once. */
export function unusedOfReport(report: readonly ReportLine[]): Unused {
  const services = [...new Set(report.map(({ service }) => service))].sort();
  return services.map((service): UnusedService => {
    const names = report.filter((line) => line.service === service).map(({ name }) => name);
    return { service, whole: names.includes(null), names: [...new Set(names.filter((name) => name !== null))].sort() };
  });
}
