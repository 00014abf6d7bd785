/** Names that would break a picture that took them for anything but text. */
export const HOSTILE: readonly string[] = [
  `zoo:Get</text><script>alert(1)</script>*`,
  `zoo:Get"onload="alert(1)*`,
  `zoo:Get&amp;&lt;]]>*`,
  "zoo:Get\u001b[31mRed\u0000\u0007*",
  "zoo:Get\u202Eesrever*",
  "zoo:Get\ud800alone*",
  "zoo:Get\u{1F600}smile*",
  `zoo:${"LongName".repeat(125)}*`,
];
