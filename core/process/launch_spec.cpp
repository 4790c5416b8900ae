#include "core/process/launch_spec.h"

#include <QUuid>

namespace muster {

QString newMarker() { return QUuid::createUuid().toString(QUuid::WithoutBraces); }

} // namespace muster
