import { join } from 'node:path';
import { findBarriers } from '../accessibility.mjs';
import { assert } from '../harness.mjs';

/** Takes pictures of what is on the screen, light and dark, and sees that everybody can use it, or the dialog that is open. For what has no address of its own. */
export async function lookAt({ page, screenshots }, name) {
  const inside = (await page.getByRole('dialog').count()) > 0 ? '[role=dialog]' : null;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`), animations: 'disabled' });
    const barriers = await findBarriers(page, inside);
    assert(barriers.length === 0, `${name}, ${colorScheme}: ${barriers.join('\n')}`);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
}
