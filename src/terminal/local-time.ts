/** Local time as YYMMDDhhmmss, for 9A and 9F21. @param wallMs milliseconds since 1970 UTC */
export const localTime = (wallMs: number): string => {
  const date = new Date(wallMs);
  const parts = [
    date.getFullYear() % 100,
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.map((part) => part.toString().padStart(2, '0')).join('');
};
