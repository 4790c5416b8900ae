// One request line to one reply line; pure but for the engine it makes. See core/flow/eval_protocol.h.
#pragma once

#include <QByteArray>

namespace muster::eval {

void warmUp();
[[nodiscard]] QByteArray answer(const QByteArray &line);

} // namespace muster::eval
