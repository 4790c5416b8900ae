// A tooltip whose words are made when it is shown, for what would be stale by then: how long something runs.
// GUI thread.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace muster {

// Plain text, a line each. An empty one shows none.
void setLiveToolTip(QWidget *widget, std::function<QString()> text);

} // namespace muster
