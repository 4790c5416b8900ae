// How the widgets that ask a person behave while the question is read.
#pragma once

#include "ui/widgets/reading_pause.h"

#include <QPushButton>
#include <QTest>

namespace muster::testing {

// Until a question that is shown now takes answers.
inline void waitUntilRead()
{
    ReadingPause pause;
    pause.begin();
    QTRY_VERIFY(pause.isOver());
}

// No answer is given by Enter, and none looks like the one to give.
inline void verifyNoDefault(const QWidget &asking, qsizetype atLeast)
{
    const auto buttons = asking.findChildren<QPushButton *>();
    QVERIFY(buttons.size() >= atLeast);
    for (const QPushButton *one : buttons) {
        QVERIFY2(!one->autoDefault() && !one->isDefault(), qPrintable(one->text()));
        QVERIFY2(one->property("role").toString() != QLatin1StringView("primary"), qPrintable(one->text()));
    }
}

} // namespace muster::testing
