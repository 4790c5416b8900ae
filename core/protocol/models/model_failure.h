// What the refusals of the providers mean: status, headers and body of an HTTP answer, or an error within a
// stream, to one ModelFailure. Pure, any thread.
// Sources: the providers' API references, pages on errors and rate limits, as named in the catalog.
#pragma once

#include "core/protocol/models/model_event.h"

#include <QByteArray>
#include <QHash>
#include <QJsonValue>

namespace muster {

struct HttpRefusal {
    int status = 0;
    QHash<QByteArray, QByteArray> headers; // names in small letters
    QByteArray body;
};

[[nodiscard]] ModelFailure failureOf(const HttpRefusal &refusal, qint64 nowMs);

// An error object of any of the formats: {type, message}, {code, message}, {status, message}, or a text.
[[nodiscard]] ModelFailure failureIn(const QJsonValue &error, int status = 0);

// When the limit that refused us ends, by what the headers say of those that are used up.
[[nodiscard]] std::optional<qint64> resetIn(const QHash<QByteArray, QByteArray> &headers, qint64 nowMs);

// May the same question be asked again at once? A rate limit may not: its end is for the node to wait for.
[[nodiscard]] bool mayRetry(ModelProblem problem);

} // namespace muster
