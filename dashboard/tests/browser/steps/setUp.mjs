import { assert } from '../harness.mjs';

export const owner = { username: 'mira', password: 'quiet lamp, orbit 7 river' };

export async function setUp({ harness, page, server }) {
  console.log('Set-up');

  await harness.step('without the link, set-up explains where it is', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Open the set-up link' }).waitFor();
  });

  await harness.step('a wrong link is refused with a reason', async () => {
    await page.goto('/setup#wrong');
    await page.reload();
    await page.getByLabel('Your name').fill(owner.username);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: /Create the owner/ }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    return (await alert.innerText()).replaceAll('\n', ' ');
  });

  await harness.step('the link makes the first owner and signs in', async () => {
    await page.goto(server.setupLink);
    await page.reload();
    await page.getByLabel('Your name').fill(owner.username);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('short');
    assert(await page.getByRole('button', { name: /Create the owner/ }).isDisabled(), 'a short password must not be offered');
    await page.getByText('Too short').waitFor();
    await password.fill(owner.password);
    await page.getByText('Strong.').waitFor();
    await page.getByRole('button', { name: /Create the owner/ }).click();
    await page.getByRole('heading', { name: 'Make this fleet yours' }).waitFor();
  });

  await harness.step('the link works once', async () => {
    const other = await page.context().newPage();
    await other.goto(server.setupLink);
    await other.getByRole('heading', { name: 'This server is set up already' }).waitFor();
    await other.close();
  }, { after: ['the link makes the first owner and signs in'] });
}
