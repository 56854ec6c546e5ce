// Entry of the tree kernel. Every operation takes (part, parts, ...): thread `part` of `parts` does its share, and the
// shares write to separate places, so results do not depend on the number of threads.
export { numericBounds, binRows } from './bins';
export { logistic, softmax, squared, pinball, quantise } from './gradients';
export { splitChildren } from './children';
export { partition, gather, addLeaves, addTree, bag, total } from './rows';
export { shapPaths } from './shap';
