// The protocol of `muster-eval`: one JSON object a line, on stdin and stdout, strictly one answer a request
// in order. Both ends use these functions. Any thread.
//
//   → {"id":1,"exprs":["inputs.n + 1","inputs.s"],"scope":{"inputs":{"n":1,"s":"x"}},"cpu_ms":200}
//   ← {"id":1,"values":[2,"x"]}
//   → {"id":2,"script":"return inputs.n * 2","scope":{…}}       ← {"id":2,"values":[2]}
//   → {"id":3,"check":["a +"]}                                    ←
//   {"id":3,"error":{"index":0,"code":"syntax",…}} ←
//   {"id":1,"error":{"index":0,"code":"threw","message":"TypeError: …"}}
//
// Codes: syntax, threw, too_large (result over 4 MiB), not_a_value (a function), bad_request. A first line
// {"ready":1} is written when the engine is warm. Lines are at most 16 MiB. End of stdin: it exits with 0.
// What needs more time of the processor than `cpu_ms` ends it by SIGPROF: a machine that is busy with other
// work makes an answer late, not wrong. The caller kills it when an answer is very late; it ends itself some
// seconds later in any case, and with its parent.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/result.h"
#include "core/flow/expression_evaluator.h"

#include <QByteArray>

namespace muster {

inline constexpr qsizetype kMaxEvalLine = 16 * 1024 * 1024;

enum class EvalErrorCode : std::uint8_t { Syntax, Threw, TooLarge, NotAValue, BadRequest };

template <> struct EnumNames<EvalErrorCode> {
    using C = EvalErrorCode;
    static constexpr std::array table{
        std::pair{C::Syntax, "syntax"}, std::pair{C::Threw, "threw"}, std::pair{C::TooLarge, "too_large"},
        std::pair{C::NotAValue, "not_a_value"}, std::pair{C::BadRequest, "bad_request"}};
};

struct EvalReply {
    qint64 id = 0;
    bool ready = false;        // the greeting; nothing else is set
    Result<QJsonArray> values; // Error: InvalidArgument or TooLarge; where is the index of the expression
};

// A line with its newline.
[[nodiscard]] QByteArray evalRequestLine(qint64 id, const EvaluationRequest &request);
[[nodiscard]] QByteArray evalCheckLine(qint64 id, const QStringList &expressions);
// Error Protocol if the line is not a reply.
[[nodiscard]] Result<EvalReply> evalReplyFromLine(const QByteArray &line);

} // namespace muster
