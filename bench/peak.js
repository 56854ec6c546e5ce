// Preloaded into a process under measurement: leaves its CPU seconds and peak memory behind when it ends.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const cpu = +((userCPUTime + systemCPUTime) / 1e6).toFixed(1);
    writeFileSync(
      process.env.LEADLIGHT_BENCH_PEAK,
      JSON.stringify({ cpu, peakMb: Math.round(maxRSS / 1024) }),
    );
  });
