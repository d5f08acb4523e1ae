import { type Bytes, toHex } from './protocol/bytes';
import { CborReader } from './protocol/cborReader';
import { readOrNull } from './protocol/malformed';

const maxShown = 64;

/** Arguments as people read them, whatever their type: what is signed, not what somebody says of it. */
export const cborText = async (data: Bytes): Promise<string> => (await readOrNull(() => {
  const reader = new CborReader(data);
  const text = item(reader);
  reader.end();
  return text;
})) ?? bytesText(data);

function item(reader: CborReader): string {
  switch (reader.peek()) {
    case 0: return String(reader.uint64());
    case 2: return bytesText(reader.bytes(maxLength));
    case 3: return JSON.stringify(reader.text(maxLength));
    case 4: {
      const items: string[] = [];
      for (let left = reader.list(maxLength); left > 0; left--) items.push(item(reader));
      return `[${items.join(', ')}]`;
    }
    default: return reader.orNull(() => String(reader.boolean())) ?? 'null';
  }
}

const maxLength = 64 * 1024;
const bytesText = (bytes: Bytes) => (bytes.length <= maxShown ? `h'${toHex(bytes)}'` : `h'${toHex(bytes.slice(0, maxShown))}…' (${bytes.length} bytes)`);
