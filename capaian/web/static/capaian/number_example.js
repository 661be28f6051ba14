/* A comfort: the example number follows the pattern while it is typed. Without it the page shows the stored pattern. */
const example = document.getElementById("number-example");
const pattern = example && document.getElementById(example.dataset.pattern);
if (pattern) {
  const words = new Map();
  for (const token of document.querySelectorAll("[data-token]")) words.set(token.dataset.token, token.dataset.word);
  const show = () => {
    example.textContent = pattern.value.replace(/\{([^{}]*)\}/g, (typed, name) => words.get(name) ?? typed);
  };
  pattern.addEventListener("input", show);
  show();
}
