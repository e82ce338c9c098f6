/** Words around programs that run once over a person's files, and around her devices, in Chinese. */
export const runsZh = {
  'mykeys.rename': '改名',
} as const;
