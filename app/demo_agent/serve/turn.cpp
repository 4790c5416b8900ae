#include "app/demo_agent/serve/turn.h"

#include "app/demo_agent/answer/performer.h"
#include "app/demo_agent/serve/misbehaviour.h"

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr qint64 contextTokens = 200'000; // as large as those of common models; nothing is really limited

qint64 sizeOf(const Prompt &prompt)
{
    qint64 size = 0;
    for (const QStringList *texts : {&prompt.texts, &prompt.context}) {
        for (const QString &text : *texts)
            size += text.size();
    }
    return size;
}

// Markers count wherever the person or the flow wrote them, never in embedded files.
std::vector<Marker> takeAllMarkers(Prompt &prompt)
{
    std::vector<Marker> markers;
    for (QString &text : prompt.texts) {
        MarkedText marked = takeMarkers(text);
        text = marked.text;
        std::ranges::move(marked.markers, std::back_inserter(markers));
    }
    return markers;
}

class Turn {
public:
    Turn(const TurnRequest &request, TurnPort &port, Standing &standing, const SessionStore &store)
        : m_request(request)
        , m_prompt(request.prompt)
        , m_port(port)
        , m_standing(standing)
        , m_store(store)
        , m_narrator(port, request.pace, request.turnName)
    {
    }

    TurnEnd run()
    {
        const bool resumed = resumeUnfinished();
        answerAgain();
        tellIfNotKept(m_store.beginTurn(m_request.sessionId, m_prompt.texts.join(u"\n\n"_s)));
        Misbehaviour misbehaviour(m_request.root, takeAllMarkers(m_prompt), resumed);
        TurnEnd end;
        end.error = misbehaviour.error();
        m_costUsd = misbehaviour.costUsd();
        if (m_costUsd > 0)
            tellUsage(0);
        if (!end.error)
            answer(misbehaviour, resumed);
        end.stop = end.error ? u"error"_s : m_port.stopped() ? u"cancelled"_s : u"end_turn"_s;
        tellIfNotKept(m_store.endTurn(m_request.sessionId, m_said, end.stop));
        account(end);
        return end;
    }

private:
    void tellIfNotKept(const Status &kept)
    {
        if (!kept)
            m_narrator.think(u"This turn could not be kept on disk: "_s + kept.error().detail + u". "_s);
    }

    // "continue" after a turn that never ended: the same prompt anew.
    bool resumeUnfinished()
    {
        if (m_request.unfinished.isEmpty() || parseIntent(m_prompt).ask != Ask::Continue)
            return false;
        m_prompt.texts = {m_request.unfinished};
        return true;
    }

    // "answer again" with JSON, after an answer in words: the same prompt anew, for JSON.
    void answerAgain()
    {
        const Intent intent = parseIntent(m_prompt);
        const auto stored = intent.ask == Ask::AnswerAgain && intent.json
                                ? m_store.load(m_request.sessionId)
                                : Result<StoredSession>(fail(ErrorCode::NotFound));
        if (stored && !stored->lastPrompt().isEmpty())
            m_prompt.texts = {takeMarkers(stored->lastPrompt()).text + u"\n\nAnswer with JSON."_s};
    }

    void answer(Misbehaviour &misbehaviour, bool resumed)
    {
        Actions actions(m_request.root, m_narrator, m_standing);
        misbehaviour.beforeAnswer(m_narrator, actions);
        const bool onlyMarkers = m_prompt.texts.join(QString()).trimmed().isEmpty();
        if (m_port.stopped())
            return;
        if (resumed)
            m_narrator.think(u"The last turn did not end, so I do it again from the beginning. "_s);
        QString text = onlyMarkers ? u"Done as the markers told, there was nothing else to do."_s : perform();
        say(misbehaviour, text);
    }

    QString perform()
    {
        const Intent intent = parseIntent(m_prompt);
        m_narrator.think(u"I look at the files in "_s + m_request.root.section(u'/', -1) + u"."_s);
        return Performer(m_request.root, m_narrator, m_standing).perform(intent, m_prompt);
    }

    // In two halves, so that what ends or halts the agent does so in the middle of its answer.
    void say(Misbehaviour &misbehaviour, const QString &text)
    {
        qsizetype half = text.size() / 2;
        if (half > 0 && text.at(half).isLowSurrogate())
            ++half;
        m_narrator.say(text.first(half));
        misbehaviour.amidAnswer(m_narrator);
        m_narrator.say(text.sliced(half));
        m_said = text;
    }

    void account(TurnEnd &end)
    {
        const qint64 in = tokensIn(sizeOf(m_request.prompt));
        const qint64 out = tokensIn(m_narrator.charactersSaid());
        end.characters = sizeOf(m_request.prompt) + m_narrator.charactersSaid();
        end.usage = {{u"inputTokens"_s, in}, {u"outputTokens"_s, out}, {u"totalTokens"_s, in + out}};
        tellUsage(in + out);
    }

    void tellUsage(qint64 tokens)
    {
        m_port.update({{u"sessionUpdate"_s, u"usage_update"_s},
                       {u"used"_s, std::min(tokensIn(m_request.charactersBefore) + tokens, contextTokens)},
                       {u"size"_s, contextTokens},
                       {u"cost"_s, QJsonObject{{u"amount"_s, m_costUsd}, {u"currency"_s, u"USD"_s}}}});
    }

    const TurnRequest &m_request;
    Prompt m_prompt;
    TurnPort &m_port;
    Standing &m_standing;
    const SessionStore &m_store;
    Narrator m_narrator;
    double m_costUsd = 0;
    QString m_said;
};

int environmentNumber(const char *name, int otherwise)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(name, &ok);
    return ok && value >= 0 ? value : otherwise;
}

} // namespace

qint64 tokensIn(qint64 characters) { return (characters + 3) / 4; }

Pace paceFromEnvironment()
{
    const Pace usual;
    return {.chunk = std::max(environmentNumber("MUSTER_DEMO_CHUNK", usual.chunk), 1),
            .ms = environmentNumber("MUSTER_DEMO_PACE_MS", usual.ms)};
}

TurnEnd runTurn(const TurnRequest &request, TurnPort &port, Standing &standing, const SessionStore &store)
{
    return Turn(request, port, standing, store).run();
}

} // namespace muster::demo
