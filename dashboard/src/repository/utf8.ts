import type { Bytes } from '@/trust/protocol/bytes';

const encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text);
