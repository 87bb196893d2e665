import { createTheme, type MantineColorsTuple } from '@mantine/core';

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
    Modal: { defaultProps: { centered: false, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});
