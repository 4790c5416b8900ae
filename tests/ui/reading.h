// Waits until a question that is shown now takes answers.
#pragma once

#include "ui/widgets/reading_pause.h"

#include <QTest>

namespace muster::testing {

inline void waitUntilRead()
{
    ReadingPause pause;
    pause.begin();
    QTRY_VERIFY(pause.isOver());
}

} // namespace muster::testing
