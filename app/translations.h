// Texts in the person's language. English is in the sources, but for its plural forms, which are loaded
// always: where a language has no text, English is shown. GUI or main thread, once, before the first text.
#pragma once

namespace muster::app {

void loadTranslations();

} // namespace muster::app
