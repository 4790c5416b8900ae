#include "ui/docks/chat/chat_page.h"

#include "core/viewmodel/conversation_desk.h"
#include "core/viewmodel/conversation_list_model.h"
#include "core/viewmodel/message_model.h"
#include "core/viewmodel/project_context.h"
#include "ui/docks/chat/chat_notices.h"
#include "ui/docks/chat/composer.h"
#include "ui/docks/chat/draft_keeper.h"
#include "ui/docks/chat/question_strip.h"
#include "ui/docks/chat/transcript.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/empty_state.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int hintUnits = 90;    // of height
constexpr int widestUnits = 250; // of text: longer lines are hard to read

} // namespace

ChatPage::ChatPage(NodeFeed *feed, ProjectContext *context, Theme *, QWidget *parent)
    : DockPage(parent)
    , m_feed(feed)
    , m_context(context)
    , m_conversations(new ConversationListModel(feed, context, this))
    , m_messages(new MessageModel(feed, this))
    , m_inbox(new InboxModel(feed, InboxModel::Shows::Open, this))
    , m_desk(new ConversationDesk(feed, context, this))
    , m_body(new QStackedWidget(this))
    , m_examples(makeExamples())
    , m_transcript(new Transcript(m_messages, this))
    , m_question(new QuestionStrip(this))
    , m_notices(new ChatNotices(this))
    , m_composer(new Composer(this))
{
    m_body->addWidget(m_transcript);
    m_body->addWidget(m_examples);
    auto *line = new QFrame(this);
    line->setProperty("role", u"line"_s);
    line->setFixedHeight(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_body, 1);
    column->addWidget(m_question);
    column->addWidget(m_notices);
    column->addWidget(line);
    column->addWidget(m_composer);

    connect(m_composer, &Composer::sendWanted, this,
            [this](const QString &text, const QStringList &attachments, const QString &runtime) {
        m_transcript->goToEnd();
        m_begins = !m_context->conversation().isValid();
        m_desk->send(text, attachments, runtime);
    });
    connect(m_composer, &Composer::steerWanted, m_desk, &ConversationDesk::steer);
    connect(m_composer, &Composer::stopWanted, m_desk, [this] { m_desk->stop(false); });
    connect(m_transcript, &Transcript::retryWanted, m_desk, &ConversationDesk::retry);
    connect(m_desk, &ConversationDesk::failed, context, &ProjectContext::failed);
    connect(m_desk, &ConversationDesk::notSent, m_composer,
            [this](const QString &text, const QStringList &files) {
        m_begins = false;
        m_composer->giveBack(text, files);
    });
    connect(m_messages, &MessageModel::loaded, this, &ChatPage::onMessages);
    connect(m_messages, &QAbstractItemModel::modelReset, this, &ChatPage::onMessages);
    connect(m_messages, &MessageModel::ticked, this, &ChatPage::showAnswer);
    connect(m_notices, &ChatNotices::cancelWanted, m_desk, [this] { m_desk->stop(false); });
    connect(m_notices, &ChatNotices::activityWanted, context,
            [context] { emit context->dockWanted(u"queue"_s); });
    connect(m_conversations, &ConversationListModel::loaded, this, &ChatPage::onConversations);
    connect(m_inbox, &InboxModel::loaded, this, &ChatPage::showQuestion);
    connect(m_inbox, &InboxModel::dataChanged, this, &ChatPage::showQuestion);
    connect(m_inbox, &InboxModel::failed, context, &ProjectContext::failed);
    connect(m_question, &QuestionStrip::answered, m_inbox, &InboxModel::answer);
    connect(m_question, &QuestionStrip::detailsWanted, context,
            [context] { emit context->dockWanted(u"inbox"_s); });
    connect(context, &ProjectContext::conversationChanged, this, &ChatPage::onConversation);
    connect(context, &ProjectContext::projectChanged, this, [this] {
        m_wantsNew = m_drafts && m_drafts->hasNew(m_context->project().id);
        onConversation();
    });
    connect(feed, &NodeFeed::linkChanged, this, &ChatPage::askRuntimes);
    connect(feed, &NodeFeed::statusChanged, this, &ChatPage::showState);
    m_body->setMinimumHeight(metrics::units(4)); // what is asked and the answer to it come first
    setMinimumHeight(metrics::units(30));
    onConversation();
    showQuestion();
    showState();
}

QWidget *ChatPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_chooser = new QComboBox(bar);
    m_chooser->setModel(m_conversations);
    m_chooser->setAccessibleName(tr("Conversation"));
    m_chooser->setPlaceholderText(tr("New conversation"));
    m_chooser->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_chooser->setMinimumContentsLength(12);
    m_new = new QPushButton(tr("New"), bar);
    m_new->setIcon(themedIcon(u"plus"_s));
    m_new->setToolTip(tr("Begin a new conversation"));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics::units(3), metrics::tight(), metrics::units(3), metrics::tight());
    row->setSpacing(metrics::normal());
    row->addWidget(m_chooser, 1);
    row->addWidget(m_new);
    connect(m_chooser, &QComboBox::activated, this, &ChatPage::chooseConversation);
    connect(m_new, &QPushButton::clicked, this, &ChatPage::newConversation);
    return bar;
}

QWidget *ChatPage::makeExamples()
{
    auto *page = new QWidget(this);
    m_hint = new EmptyState(u"chat"_s, tr("Talk to an agent about this project"),
                            tr("It asks before it writes or runs anything."), page);
    m_hint->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *column = new QVBoxLayout(page);
    auto *buttons = new QGridLayout;
    buttons->setSpacing(metrics::normal());
    column->addStretch();
    column->addWidget(m_hint);
    for (const QString &example : {tr("What is this project?"), tr("Which files are the largest?"),
                                   tr("Which open notes are there?"), tr("How is it built and tested?")}) {
        auto *button = new QPushButton(example, page);
        connect(button, &QPushButton::clicked, this,
                [this, example] { emit m_composer->sendWanted(example, {}, QString()); });
        buttons->addWidget(button, buttons->count() / 2, buttons->count() % 2);
    }
    auto *middle = new QHBoxLayout;
    middle->addStretch();
    middle->addLayout(buttons);
    middle->addStretch();
    column->addLayout(middle);
    column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus); // the examples in it scroll into sight
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

void ChatPage::resizeEvent(QResizeEvent *event)
{
    DockPage::resizeEvent(event);
    m_hint->setVisible(event->size().height() >= metrics::units(hintUnits)); // else the examples alone
    const int side = std::max(0, (event->size().width() - metrics::units(widestUnits)) / 2);
    m_transcript->setSideMargin(side);
    m_notices->setSideMargin(side);
    for (QWidget *part : {static_cast<QWidget *>(m_question), static_cast<QWidget *>(m_composer)})
        part->setContentsMargins(side, 0, side, 0);
}

void ChatPage::activate()
{
    m_conversations->setActive(true);
    m_messages->setActive(true);
    m_inbox->setActive(true);
    askRuntimes();
}

void ChatPage::deactivate()
{
    m_conversations->setActive(false);
    m_messages->setActive(false);
    m_inbox->setActive(false);
}

QWidget *ChatPage::focusTarget() { return m_composer->edit(); }

void ChatPage::chooseConversation(int row)
{
    if (const api::ConversationInfo *chosen = m_conversations->rowAt(row)) {
        m_wantsNew = false;
        m_context->setConversation(chosen->id);
    }
}

void ChatPage::keepDrafts(WindowSettings *settings)
{
    m_drafts = new DraftKeeper(m_composer, settings, this);
    m_wantsNew = m_drafts->hasNew(m_context->project().id) && !m_context->conversation().isValid();
    onConversation();
}

void ChatPage::newConversation()
{
    m_wantsNew = true;
    m_context->setConversation({});
    m_composer->edit()->setFocus();
}

void ChatPage::onConversation()
{
    m_messages->setConversation(m_context->conversation());
    m_composer->setChoosesRuntime(!m_context->conversation().isValid());
    m_composer->setEnabled(m_context->isOpen());
    if (m_drafts)
        m_drafts->show(m_context->project().id, m_context->conversation(), m_begins);
    m_begins = m_begins && !m_context->conversation().isValid();
    onConversations();
    onMessages();
    showQuestion();
    showState();
}

void ChatPage::onConversations()
{
    // The one that was used last, unless the person wants a new one.
    if (!m_context->conversation().isValid() && !m_wantsNew && m_conversations->rowCount() > 0)
        m_context->setConversation(m_conversations->rowAt(0)->id);
    const QModelIndex chosen = m_conversations->indexOf(m_context->conversation());
    m_chooser->setCurrentIndex(chosen.row());
    const api::ConversationInfo *info = m_conversations->rowAt(chosen.row());
    if (info && info->unread && isVisible())
        m_desk->markRead();
}

void ChatPage::onMessages()
{
    const bool empty =
        !m_context->conversation().isValid() || (m_messages->isLoaded() && m_messages->rowCount() == 0);
    m_body->setCurrentWidget(empty ? m_examples : m_transcript);
    m_composer->setWorking(m_messages->isWorking());
    showAnswer();
}

void ChatPage::showQuestion()
{
    const auto &items = m_inbox->rows();
    const auto asked = std::ranges::find_if(items, [this](const api::InboxInfo &item) {
        return item.refs.conversation.isValid() && item.refs.conversation == m_context->conversation();
    });
    m_question->setVisible(asked != items.end());
    if (asked != items.end())
        m_question->setItem(*asked, m_inbox->isAnswering(asked->id));
}

// Nothing is sent that could not be kept.
void ChatPage::showState()
{
    const api::NodeStatus &status = m_feed->status();
    m_notices->setPause(status.pausedReason);
    m_notices->setLoad(m_context->conversation(), status);
    m_composer->setHeld(!status.pausedReason.isEmpty());
}

void ChatPage::showAnswer() { m_notices->setAnswer(m_messages->running()); }

void ChatPage::askRuntimes()
{
    m_feed->node().query(api::ListRuntimes{}, this,
                         [this](const Result<std::vector<api::RuntimeInfo>> &list) {
        if (!list)
            return; // the link's state says what is wrong; its return asks again
        QList<std::pair<QString, QString>> usable;
        for (const api::RuntimeInfo &runtime : *list)
            if (runtime.state == "ready"_L1)
                usable.emplaceBack(runtime.id, runtime.label);
        m_composer->setRuntimes(usable);
    });
}

} // namespace muster
