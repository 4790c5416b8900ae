// ContractSink: a sink that keeps what an adapter says, one line of text an event, and notes every breach of
// the contract in agent_protocol.h, whatever the agent does. One for the tests of all adapters.
//
// The player (protocol_conversation.h) tells it what the host did: opening(), prompted(), ended().
#pragma once

#include "core/events/event.h"
#include "core/protocol/agent_protocol.h"

#include <QJsonDocument>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <functional>

namespace muster::testing {

using namespace Qt::StringLiterals;

inline QString lineOf(const SessionEvent &event)
{
    return kindOf(event) + u' ' +
           QString::fromUtf8(QJsonDocument(toJson(event)).toJson(QJsonDocument::Compact));
}

class ContractSink final : public ProtocolSink {
public:
    // Called with each permission or question that was asked, from within the adapter: a host may answer
    // right there.
    std::function<void(const QString &requestId)> onAsked;

    void opening() { m_mayOpen = true; }
    void prompted(const Status &accepted) { m_accepted += accepted ? 1 : 0; }
    // After streamEnded(): nothing may be open or come later.
    void ended()
    {
        check(!m_mayOpen || m_opens == 1, u"open() was not answered"_s);
        check(m_finished == m_accepted, u"%1 turns for %2 prompts"_s.arg(m_finished).arg(m_accepted));
        check(m_asked.isEmpty(), u"a request is open at the end"_s);
        m_over = true;
    }

    void send(const QByteArray &bytes) override
    {
        check(bytes.endsWith('\n') && bytes.count('\n') == 1, u"not one line"_s);
        check(QJsonDocument::fromJson(bytes).isObject(), u"not a JSON object"_s);
        sent.append(bytes);
    }
    void opened(const SessionStarted &started) override
    {
        check(m_mayOpen && ++m_opens == 1, u"opened without being asked, or twice"_s);
        lines.append(u"opened "_s + lineOf(started));
    }
    void openFailed(const OpenFailure &failure) override
    {
        check(m_mayOpen && ++m_opens == 1, u"failed to open without being asked, or twice"_s);
        lines.append(u"open_failed "_s + enumName(failure.reason) + u' ' + failure.detail);
    }
    void happened(const SessionEvent &event) override
    {
        check(!m_over, u"an event after the end"_s);
        lines.append(lineOf(event));
        events.push_back(event);
        std::visit([this](const auto &e) { follow(e); }, event);
    }
    void withdrew(const QString &requestId) override
    {
        check(m_asked.remove(requestId), u"withdrew what is not open: "_s + requestId);
        permissions.removeOne(requestId);
        questions.removeOne(requestId);
        lines.append(u"withdrawn "_s + requestId);
    }
    void repeated(const ReplayedItem &item) override
    {
        lines.append(u"replayed "_s + (item.event ? lineOf(*item.event) : item.personText));
    }
    void wantsFile(const FileRequest &request) override
    {
        lines.append((request.content ? u"write_file "_s : u"read_file "_s) + request.path);
        files.append(request);
    }
    void answered(const QString &requestId)
    {
        m_asked.remove(requestId);
        permissions.removeOne(requestId);
        questions.removeOne(requestId);
    }

    [[nodiscard]] QJsonObject lastSent() const { return QJsonDocument::fromJson(sent.last()).object(); }
    [[nodiscard]] qsizetype count(const QString &start) const
    {
        return std::ranges::count_if(lines, [&](const QString &l) { return l.startsWith(start); });
    }
    template <typename T> [[nodiscard]] std::vector<T> all() const
    {
        std::vector<T> found;
        for (const SessionEvent &event : events) {
            if (const T *one = std::get_if<T>(&event))
                found.push_back(*one);
        }
        return found;
    }

    QList<QByteArray> sent;
    QStringList lines;
    QStringList permissions; // open ones, oldest first
    QStringList questions;
    QList<FileRequest> files;
    std::vector<SessionEvent> events;
    QStringList problems; // breaches of the contract

private:
    static constexpr qsizetype maxDetail = 8192;

    void check(bool holds, const QString &problem)
    {
        if (!holds && problems.size() < 20)
            problems.append(problem + u" (after "_s + (lines.isEmpty() ? u"nothing"_s : lines.last()) + u')');
    }

    void follow(const SessionStarted &) { check(false, u"SessionStarted comes by opened()"_s); }
    void follow(const SessionEnded &) { check(false, u"SessionEnded is not an adapter's"_s); }
    void follow(const TurnStarted &)
    {
        check(m_opens == 1 && !m_inTurn, u"a turn within a turn, or before the session"_s);
        m_inTurn = true;
    }
    void follow(const TurnFinished &turn)
    {
        check(m_inTurn, u"a turn's end without a turn"_s);
        check(m_openTools.isEmpty(), u"a tool is open at the turn's end"_s);
        check(m_asked.isEmpty(), u"a request is open at the turn's end"_s);
        check(turn.reason.has_value() == (turn.outcome != TurnOutcome::Completed), u"outcome and reason"_s);
        m_inTurn = false;
        ++m_finished;
    }
    void follow(const TextDelta &delta)
    {
        check(!delta.messageId.isEmpty() && !delta.text.isEmpty(), u"empty text"_s);
    }
    void follow(const ThinkingDelta &delta)
    {
        check(!delta.messageId.isEmpty() && !delta.text.isEmpty(), u"empty thinking"_s);
    }
    void follow(const ToolStarted &tool)
    {
        check(!tool.toolId.isEmpty() && !m_openTools.contains(tool.toolId), u"a tool started twice"_s);
        m_openTools.insert(tool.toolId);
    }
    void follow(const ToolOutput &tool)
    {
        check(m_openTools.contains(tool.toolId), u"output of a tool that is not open"_s);
    }
    void follow(const ToolFinished &tool)
    {
        check(m_openTools.remove(tool.toolId), u"the end of a tool that is not open"_s);
    }
    void follow(const FileChanged &file) { check(!file.path.isEmpty(), u"a change of no file"_s); }
    void follow(const PlanUpdated &) {}
    void follow(const PermissionRequested &request)
    {
        permissions.append(request.requestId);
        ask(request.requestId);
    }
    void follow(const QuestionAsked &question)
    {
        questions.append(question.requestId);
        ask(question.requestId);
    }
    void follow(const Usage &usage)
    {
        check(usage.tokensIn >= 0 && usage.tokensOut >= 0 && usage.tokensCached >= 0 &&
                  usage.costMicroUsd.value_or(0) >= 0,
              u"negative usage"_s);
    }
    void follow(const RateLimited &limit) { check(limit.detail.size() <= maxDetail, u"a huge detail"_s); }
    void follow(const SessionWarning &warning)
    {
        check(!warning.code.isEmpty() && warning.detail.size() <= maxDetail, u"a huge warning"_s);
    }
    void ask(const QString &requestId)
    {
        check(m_inTurn, u"asked outside a turn"_s);
        check(!requestId.isEmpty() && !m_everAsked.contains(requestId), u"asked twice by one id"_s);
        m_everAsked.insert(requestId);
        m_asked.insert(requestId);
        if (onAsked)
            onAsked(requestId);
    }

    bool m_mayOpen = false;
    bool m_inTurn = false;
    bool m_over = false;
    int m_opens = 0;
    int m_accepted = 0;
    int m_finished = 0;
    QSet<QString> m_openTools;
    QSet<QString> m_asked;
    QSet<QString> m_everAsked;
};

} // namespace muster::testing
