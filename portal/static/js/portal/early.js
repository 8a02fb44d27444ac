/**
 * Runs before the style sheet is there (`async`, no imports): the first screen's other pictures are asked for now. With
 * the page itself they would share the line with the sheet; after it, a far network adds one more way there and back.
 */
for (const image of document.querySelectorAll("#grid img[loading]")) image.removeAttribute("loading");
