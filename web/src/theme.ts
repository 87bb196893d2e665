import {
  createTheme,
  darken,
  lighten,
  luminance,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineTheme,
} from '@mantine/core';
import type { MouseEvent } from 'react';

// A calm blue that keeps 4.5:1 against white text in light and dark alike (shade 7).
const line: MantineColorsTuple = [
  '#eaf3fc', '#d6e5f5', '#a9c9ea', '#7aabdf', '#5592d6',
  '#3e82d1', '#327ad0', '#2567b8', '#1b5ba5', '#044f93',
];

export const theme = createTheme({
  primaryColor: 'line',
  primaryShade: { light: 7, dark: 6 },
  colors: { line },
  defaultRadius: 'md',
  fontFamily: 'Inter, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    // Hints under the fields: fields standing side by side stay on one line.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    // A state is read whole or not at all: never cut to «раб…».
    Badge: { styles: { root: { minWidth: 'max-content', flexShrink: 0 } } },
    // The same file chosen again, after a correction, is chosen anew: otherwise the browser would not say so, and
    // refuse to send the one it knows, which has changed.
    FileInput: {
      defaultProps: {
        fileInputProps: { onClick: (event: MouseEvent<HTMLInputElement>) => (event.currentTarget.value = '') },
      },
    },
    // What is wider than the screen is reached by keys, too.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
    Modal: { defaultProps: { centered: false, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    // A long text is scrolled: it never pushes the rest of a form out of sight.
    Textarea: { defaultProps: { maxRows: 8 } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});

/** WCAG 2.1 AA asks 4.5:1 of small text; a little more, because colours are rounded on the way to the screen. */
const READABLE = 4.6;
const STEP = 0.04;

/** How far two colours are apart, 1 to 21 (WCAG 2.1). */
export function contrast(one: string, other: string): number {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

/** The colour itself, or as much darker (lighter) as it takes to be read beside each of the others. */
function readable(color: string, beside: string[], shift: typeof darken): string {
  for (let share = 0; share < 1; share += STEP) {
    const tried = share === 0 ? color : shift(color, share);
    if (beside.every((other) => contrast(tried, other) >= READABLE)) return tried;
  }
  return shift(color, 1);
}

/** A colour as dark as the ground it lies on, so that links and texts of the page are read on it as well. */
function dusk(color: string, ground: string): string {
  let share = 0.5;
  while (share < 1 && luminance(darken(color, share)) > luminance(ground)) share += STEP;
  return darken(color, share);
}

/** Every colour of the palette, in every variant, keeps its text readable: Mantine's orange, yellow and grey do not. */
function variants(known: MantineTheme, name: string, scheme: 'light' | 'dark'): Record<string, string> {
  const shades = known.colors[name] as MantineColorsTuple;
  const primary = typeof known.primaryShade === 'number' ? known.primaryShade : known.primaryShade[scheme];
  const filled = readable(shades[primary] ?? shades[6], [known.white], darken);
  // What alerts and badges lie on; «dark» is the frame's colour in the dark, not one of these.
  const tints = Object.entries(known.colors).flatMap(([one, [, tint]]) => (one === 'dark' ? [] : [tint]));
  const dim = dusk(shades[9], known.colors.dark[6]);
  const dimHover = lighten(dim, 0.08);
  const own =
    scheme === 'light'
      ? {
          text: readable(shades[primary] ?? shades[6], [known.white, ...tints], darken),
          light: shades[1],
          'light-hover': shades[2],
          'light-color': readable(shades[9], [shades[1], shades[2], known.white], darken),
        }
      : {
          text: readable(shades[4], [known.colors.dark[6], known.colors.dark[7]], lighten),
          light: dim,
          'light-hover': dimHover,
          'light-color': readable(shades[0], [dimHover, known.colors.dark[6]], lighten),
        };
  const all = { ...own, outline: own.text, filled, 'filled-hover': darken(filled, 0.12) };
  return Object.fromEntries(Object.entries(all).map(([part, value]) => [`--mantine-color-${name}-${part}`, value]));
}

function scheme(known: MantineTheme, name: 'light' | 'dark'): Record<string, string> {
  const { gray, dark } = known.colors;
  const quiet =
    name === 'light'
      ? readable(gray[6], [known.white, gray[0], gray[1]], darken)
      : // dark[5]: a table's row under the mouse.
        readable(dark[2], [dark[5], dark[6], dark[7], dark[8]], lighten);
  const own = Object.keys(known.colors).flatMap((color) => Object.entries(variants(known, color, name)));
  return {
    ...Object.fromEntries(own),
    '--mantine-color-anchor': `var(--mantine-color-${known.primaryColor}-text)`,
    '--mantine-color-error': 'var(--mantine-color-red-text)',
    '--mantine-color-success': 'var(--mantine-color-teal-text)',
    '--mantine-color-placeholder': quiet,
    '--mantine-color-dimmed': name === 'light' ? 'var(--mantine-color-gray-7)' : quiet,
  };
}

export const cssVariables: CSSVariablesResolver = (known) => ({
  variables: {},
  light: scheme(known, 'light'),
  dark: scheme(known, 'dark'),
});
