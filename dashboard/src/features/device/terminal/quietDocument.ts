type Make = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;

/**
 * The page's policy takes no style elements and no style attributes, which the terminal's library makes. While it is in use, what it writes into
 * them is set through the object model instead, which the policy allows: style sheets that are made by script, and the properties of `style`.
 * Returns what ends it.
 */
export function styleQuietly(): () => void {
  const make = Object.getOwnPropertyDescriptor(Document.prototype, 'createElement')?.value as Make;
  Reflect.set(document, 'createElement', (name: string, options?: ElementCreationOptions) => {
    if (name === 'style') return adopt(make.call(document, 'template'));
    const element = make.call(document, name, options);
    return element instanceof HTMLSpanElement ? styleByProperties(element) : element;
  });
  return () => { Reflect.deleteProperty(document, 'createElement'); };
}

/** An element that stands where a style element would, and is none. */
function adopt(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (css: string) => { sheet.replaceSync(css); },
  });
  const remove = element.remove.bind(element);
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    remove();
  };
  return element;
}

function styleByProperties(element: HTMLSpanElement): HTMLSpanElement {
  const set = element.setAttribute.bind(element);
  element.setAttribute = (name: string, value: string) => {
    if (name === 'style') element.style.cssText = value;
    else set(name, value);
  };
  return element;
}
