// What every place that asks a person has in common: the question takes the focus and can be read from the
// keyboard, and no answer is the default, so Enter alone never answers (spec "safety"). GUI thread.
#pragma once

class QLabel;
class QPushButton;

namespace muster {

void makeReadable(QLabel *question);
// Pressed by Space, a click or its own mnemonic. Before the button is shown for the first time.
void makeAnswer(QPushButton *button);

} // namespace muster
