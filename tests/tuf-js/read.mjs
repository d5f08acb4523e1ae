// Reads a fleet's repository with tuf-js and downloads every target: node read.mjs BASE-URL ROOT-FILE
// Says "N targets" at the end; exits with 1 and the reason when anything is refused.
import { mkdtempSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';

const [base, root] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tuf-js-'));
try {
  const metadataDir = join(folder, 'metadata');
  const targetDir = join(folder, 'targets');
  mkdirSync(metadataDir);
  mkdirSync(targetDir);
  copyFileSync(root, join(metadataDir, 'root.json'));
  const updater = new Updater({
    metadataDir,
    targetDir,
    metadataBaseUrl: `${base}/metadata`,
    targetBaseUrl: `${base}/targets`,
    config: { fetchRetries: 0 },
  });
  await updater.refresh();
  const names = Object.keys(JSON.parse(await (await fetch(`${base}/metadata/${process.argv[4]}`)).text()).signed.targets);
  for (const name of names) {
    const target = await updater.getTargetInfo(name);
    if (!target) {
      throw new Error(`${name} is not found`);
    }

    await updater.downloadTarget(target, join(targetDir, encodeURIComponent(name)));
  }

  console.log(`${names.length} targets`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
