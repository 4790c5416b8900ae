// ChatPage: the Chat dock: the conversations of the project, the messages of the chosen one, what its agent
// asks, and where the person writes. GUI thread.
#pragma once

#include "core/viewmodel/inbox_model.h"
#include "ui/shell/dock_page.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace muster {

class ChatNotices;
class Composer;
class ConversationDesk;
class ConversationListModel;
class DraftKeeper;
class EmptyState;
class MessageModel;
class NodeFeed;
class ProjectContext;
class QuestionStrip;
class Theme;
class Transcript;
class WindowSettings;

class ChatPage final : public DockPage {
    Q_OBJECT

public:
    ChatPage(NodeFeed *feed, ProjectContext *context, Theme *theme, QWidget *parent = nullptr);

    [[nodiscard]] MessageModel *messages() const { return m_messages; }

    // What is written and not sent is kept there. Once, before the page is shown.
    void keepDrafts(WindowSettings *settings);
    // The next message begins one.
    void newConversation();

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeBar();
    [[nodiscard]] QWidget *makeExamples();
    void chooseConversation(int row);
    void onConversation();
    void onConversations();
    void onMessages();
    void showQuestion();
    void showState();
    void showAnswer();
    void askRuntimes();

    NodeFeed *m_feed;
    ProjectContext *m_context;
    ConversationListModel *m_conversations;
    MessageModel *m_messages;
    InboxModel *m_inbox;
    ConversationDesk *m_desk;
    QComboBox *m_chooser = nullptr;
    QPushButton *m_new = nullptr;
    QStackedWidget *m_body;
    EmptyState *m_hint = nullptr; // made with the examples, so it stands before them
    QWidget *m_examples;
    Transcript *m_transcript;
    QuestionStrip *m_question;
    ChatNotices *m_notices;
    Composer *m_composer;
    DraftKeeper *m_drafts = nullptr;
    bool m_begins = false;   // the first message was sent, and its conversation has no id yet
    bool m_wantsNew = false; // the person asked for an empty one: do not choose the newest
};

} // namespace muster
