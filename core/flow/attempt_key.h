// AttemptKey: the name of one act, by which an act that was begun is found again after a crash. Text form
// "RUN/STEP#ATTEMPT" or, within a foreach, "RUN/STEP[ITEM]#ATTEMPT"; items count from 0, attempts from 1.
// Source: spec "flows", Rules of the engine. Value type, any thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/base/strong_id.h"

#include <QString>

#include <compare>
#include <optional>

namespace muster {

inline constexpr int kNoItem = -1;

struct AttemptKey {
    RunId run;
    QString step;
    int item = kNoItem; // position in the foreach list; kNoItem outside one
    int attempt = 1;

    [[nodiscard]] QString toString() const;
    [[nodiscard]] static std::optional<AttemptKey> fromString(QStringView text);

    friend bool operator==(const AttemptKey &, const AttemptKey &) = default;
    friend size_t qHash(const AttemptKey &key, size_t seed = 0) noexcept
    {
        return qHashMulti(seed, key.run, key.step, key.item, key.attempt);
    }
};

template <> struct JsonCodec<AttemptKey> {
    static QJsonValue write(const AttemptKey &key) { return key.toString(); }
    static Status read(const QJsonValue &json, AttemptKey &out);
};

} // namespace muster
