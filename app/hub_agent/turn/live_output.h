// LiveOutput: what the agent says and does while it is at it, from `paseo attach` as updates of the protocol.
// The hub prints reasoning between the text without saying where it ends, so that from the first piece of
// reasoning on nothing is certain to be text: it is shown as thought, and the text follows at the turn's end,
// from told(). Main thread.
#pragma once

#include "app/hub_agent/hub/hub_process.h"
#include "core/protocol/paseo/paseo_screen.h"

#include <QJsonObject>

#include <functional>
#include <memory>
#include <vector>

namespace muster::hub {

class LiveOutput final : public QObject {
    Q_OBJECT
public:
    using Update = std::function<void(const QJsonObject &)>;

    LiveOutput(QString turnName, const QString &prompt, int earlier, Update update);
    ~LiveOutput() override;
    Q_DISABLE_COPY_MOVE(LiveOutput)

    // `program` prints until it is stopped, or until the agent is done.
    void start(const QString &program, const QString &agent, const QString &folder);
    void stop(); // nothing more is told

    void feed(const QByteArray &bytes) { m_screen.feed(bytes); }
    [[nodiscard]] QString told() const { return m_told; } // as text
    [[nodiscard]] QString messageId() const;              // of what was told last as text

private:
    void take(const PaseoEvent &event);
    void takeTool(const PaseoTool &tool);

    struct OpenTool {
        QString id;
        QString name;
    };

    QString m_name;
    Update m_update;
    PaseoScreen m_screen;
    std::unique_ptr<HubProcess> m_process = std::make_unique<HubProcess>(HubProcess::Keep::Nothing);
    bool m_isStopped = false;
    bool m_isCertain = true; // that what is not marked is text
    bool m_inMessage = false;
    int m_messages = 0;
    int m_tools = 0;
    std::vector<OpenTool> m_open;
    QString m_told;
};

} // namespace muster::hub
