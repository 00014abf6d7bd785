/** Letters, digits, `_`, `.` and `-`: every service prefix and action name that AWS has published. */
export const NAME: RegExp = /^[\w.-]+$/;
