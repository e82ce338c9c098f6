import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  SENSOR_LOG_NO_TABLE: {
    status: 422,
    retryable: false,
    zh: '没有找到读数表：需要一行表头，其中有“时间”和“温度（℃）”两列。',
    en: 'No table of readings was found: a header line must name time and temperature, e.g. “Time,Temperature (°C)”.',
  },
  SENSOR_LOG_TIME_WRONG: {
    status: 422,
    retryable: false,
    zh: '第 {line} 行的时间读不懂：“{text}”。请用 2026-03-01 08:00 这样的写法导出。',
    en: 'The time in line {line} cannot be read: “{text}”. Export it as 2026-03-01 08:00.',
  },
  SENSOR_LOG_DATE_AMBIGUOUS: {
    status: 422,
    retryable: false,
    zh: '第 {line} 行的日期分不清日和月：“{text}”。请用年-月-日的写法导出。',
    en: 'Day and month cannot be told apart in line {line}: “{text}”. Export dates as year-month-day.',
  },
  SENSOR_LOG_VALUE_WRONG: {
    status: 422,
    retryable: false,
    zh: '第 {line} 行的温度读不懂或不可能：“{text}”。',
    en: 'The temperature in line {line} cannot be read or cannot be: “{text}”.',
  },
  SENSOR_LOG_ORDER: {
    status: 422,
    retryable: false,
    zh: '第 {line} 行与另一行时间相同、温度不同。请导出一个记录仪的一次记录。',
    en: 'Line {line} has the same time as another and a different temperature. Export one run of one logger.',
  },
  SENSOR_LOG_TOO_SHORT: {
    status: 422,
    retryable: false,
    zh: '至少需要两个读数。',
    en: 'At least two readings are needed.',
  },
  SENSOR_LOG_TOO_LONG: {
    status: 413,
    retryable: false,
    zh: '文件太大：最多 {limit} 个读数。',
    en: 'The file is too large: {limit} readings at most.',
  },
});
