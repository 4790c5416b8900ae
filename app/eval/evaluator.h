// One request line to one reply line; pure but for the engine it makes. See core/flow/eval_protocol.h.
#pragma once

#include <QByteArray>

namespace muster::eval {

void warmUp();
// `limit` is called with the request's limit in milliseconds of the processor's time before it is worked on;
// 0: it has none.
[[nodiscard]] QByteArray answer(const QByteArray &line, void (*limit)(int cpuMs));

} // namespace muster::eval
