// About: version, licence, and where the node keeps things. Not modal. GUI thread.
#pragma once

#include "core/node/api/values.h"

class QWidget;

namespace muster {

void showAbout(QWidget *window, const api::NodeStatus &status);

} // namespace muster
