// What one provider needs, as the runtime catalog says it on the command line and the environment fills in:
// wire format, address, key, model. The key is taken out of the environment, so that no child gets it.
//
//   muster-model-agent --api anthropic --address https://… --address-env NAME --key-env NAME --model ID
#pragma once

#include "core/base/result.h"
#include "core/protocol/models/model_api.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <chrono>

namespace muster::model {

struct Options {
    ModelApiKind api = ModelApiKind::Anthropic;
    QString title;
    QUrl address; // empty: none is known, which addressNames can change
    QStringList addressNames;
    QByteArray key;
    QStringList keyNames; // of environment variables, the first that is set counts
    bool keyNeeded = true;
    QString model;                              // empty: the only one that the server has
    QString stateFolder;                        // MUSTER_MODEL_STATE, else in the user's state folder
    int maxCalls = 100;                         // of the model in one turn: MUSTER_MODEL_MAX_CALLS
    int maxRetries = 3;                         // of one call, where it may help: MUSTER_MODEL_RETRIES
    std::chrono::milliseconds retryPause{1000}; // doubles each time: MUSTER_MODEL_RETRY_MS
    std::chrono::seconds commandLimit{600};     // the longest that a command may run
};

// InvalidArgument names the option.
[[nodiscard]] Result<Options> readOptions(const QStringList &arguments);

// "127.0.0.1:11434", "http://host/v1/": with a scheme, without a '/' at the end. Invalid if it is no address.
[[nodiscard]] QUrl addressFrom(const QString &text);

} // namespace muster::model
