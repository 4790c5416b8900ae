#include "ui/widgets/answering.h"

#include "ui/theme/style.h"

#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace muster {

void makeReadable(QLabel *question)
{
    question->setProperty("role", u"question"_s);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    question->setIndent(0); // in line with what stands below, also with a frame
    question->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    question->setFocusPolicy(Qt::StrongFocus);
}

void makeAnswer(QPushButton *button) { button->setProperty(Style::noDefault, true); }

} // namespace muster
