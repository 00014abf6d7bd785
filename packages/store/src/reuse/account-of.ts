/** Core's `accountOf` as an expression of SQL: equal facts are of equal accounts, whoever asks. @param column static text */
export function accountOfSql(column: string): string {
  const digits = "[0-9]".repeat(12);
  const start = `CASE WHEN substr(${column}, 1, 4) = 'arn:' THEN instr(${column}, '::') + 2 ELSE 1 END`;
  return `CASE WHEN substr(${column}, ${start}, 12) GLOB '${digits}' THEN substr(${column}, ${start}, 12) ELSE '' END`;
}
