// Made by `npm run api:types` from contracts/openapi.json. Not edited by hand.

export interface paths {
    "/api/v1/calls/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Calls
         * @description The asker's calls, newest first.
         */
        get: operations["list_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Call
         * @description One call with its transcript, each turn's times, and who wanted the floor while the persona spoke.
         */
        get: operations["get_call"];
        put?: never;
        post?: never;
        /**
         * Delete Call
         * @description A call that is over goes with its words and its recording.
         */
        delete: operations["delete_call"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/recording/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Recording
         * @description What was recorded of a call, as WAV; a part of it where `Range` asks for one.
         */
        get: operations["get_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/utterances/{utterance_id}/audio/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Utterance Audio
         * @description What the asker said in one turn, as WAV: from half a second before the first sound to half a second after.
         */
        get: operations["get_utterance_audio"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/csrf/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Csrf
         * @description Set the CSRF cookie and tell its token.
         */
        get: operations["get_csrf_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Can this process take a call?
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Interviews
         * @description The asker's interviews, newest first. `status=open`: those that go on when their room is called again.
         */
        get: operations["list_interviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/{interview_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Interview
         * @description The report: every point with the words and the sound that it came from. Of an open interview: what is over.
         */
        get: operations["get_interview"];
        put?: never;
        post?: never;
        /**
         * Delete Interview
         * @description An interview that is over goes with all that was said in it; its calls are deleted by themselves.
         */
        delete: operations["delete_interview"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/{interview_id}/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Interview
         * @description The report as a file: all of it as JSON, to be read as Markdown, or what was said as WebVTT.
         */
        get: operations["export_interview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/{interview_id}/questions/{number}/correction/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Correct Answer
         * @description The candidate says what was really said: both transcripts are kept, and the question is graded again, once.
         */
        post: operations["correct_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/{interview_id}/questions/{number}/retry/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Practise Question
         * @description One more answer to this question, typed, to practise: it is graded beside the old one and never counted.
         */
        post: operations["practise_question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Me */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/preferences/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change Preferences */
        patch: operations["change_preferences"];
        trace?: never;
    };
    "/api/v1/personas/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Personas
         * @description Everybody whom this person may call: presets first, then their own.
         */
        get: operations["list_personas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/personas/schema/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Schema
         * @description The JSON Schema of a configuration.
         */
        get: operations["get_persona_schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/personas/templates/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Templates
         * @description The presets, as they came with the product.
         */
        get: operations["list_persona_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/personas/{slug}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Persona
         * @description One persona; somebody else's is not there, nor is one that was never published.
         */
        get: operations["get_persona"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rooms
         * @description The asker's rooms, newest first.
         */
        get: operations["list_rooms"];
        put?: never;
        /**
         * Create Room
         * @description A new room with this persona, always a new one.
         */
        post: operations["create_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room_id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Room */
        get: operations["get_room"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room_id}/ticket/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Ticket
         * @description One use, for a socket from another host, where the session's cookie does not go.
         */
        post: operations["create_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AgentState */
        AgentState: {
            /** At Ms */
            at_ms: number;
            /**
             * State
             * @enum {string}
             */
            state: "WAIT_FOR_USER" | "VALIDATING_UTTERANCE" | "PROCESSING_USER" | "AI_SPEAKING";
            /** Turn Id */
            turn_id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "agent_state";
        };
        /** Answer */
        Answer: {
            /** Sdp */
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "answer";
        };
        /** AsHeardBody */
        AsHeardBody: {
            /** Points */
            points: number | null;
            /** Why */
            why: string;
        };
        /** AttemptBody */
        AttemptBody: {
            /** Call Id */
            call_id: string | null;
            /** Can Correct */
            can_correct: boolean;
            /** Corrected At */
            corrected_at: string | null;
            /** Corrected Transcript */
            corrected_transcript: string | null;
            /** Coverage */
            coverage: number | null;
            /** Covered */
            covered: number | null;
            /** Doubt */
            doubt: ("low_snr" | "clipping" | "doubtful_transcript" | "recogniser_failed" | "evaluator_failed" | "no_words" | "reviewer") | null;
            /** Doubt Words */
            doubt_words: string;
            /** Evaluator */
            evaluator: ("minilm" | "lexical") | null;
            /** Number */
            number: number;
            /** Outcome */
            outcome: ("correct" | "partial" | "incorrect" | "dont_know" | "skipped" | "no_answer") | null;
            /** Outcome As Heard */
            outcome_as_heard: ("correct" | "partial" | "incorrect" | "dont_know" | "skipped" | "no_answer") | null;
            /** Parts */
            parts: components["schemas"]["PartBody"][];
            /** Transcript */
            transcript: string;
            /** Utterance Id */
            utterance_id: string | null;
        };
        /**
         * BandBody
         * @description What a share of the points is called.
         */
        BandBody: {
            /** From Percent */
            from_percent: number;
            /**
             * Name
             * @enum {string}
             */
            name: "strong" | "good" | "getting_there" | "early";
            /** Title */
            title: string;
        };
        /**
         * BargeIn
         * @description How far a bid for the floor has come. Every `suspected` is followed by `accepted` or `rejected`.
         */
        BargeIn: {
            /**
             * At Ms
             * @default 0
             */
            at_ms?: number;
            /** Candidate Id */
            candidate_id: string;
            /**
             * Decision
             * @enum {string}
             */
            decision: "suspected" | "held" | "accepted" | "rejected";
            /** Reaction Ms */
            reaction_ms?: number | null;
            /** Reason */
            reason: string;
            /** Turn Id */
            turn_id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "barge_in";
        };
        /**
         * BargeInBody
         * @description One bid for the floor while the persona spoke; times are on the call's own clock.
         */
        BargeInBody: {
            /** Caller Dbfs */
            caller_dbfs: number;
            /**
             * Candidate Id
             * Format: uuid
             */
            candidate_id: string;
            /** Decided At Ms */
            decided_at_ms: number;
            /**
             * Decision
             * @enum {string}
             */
            decision: "accepted" | "rejected";
            /** Ducked Ms */
            ducked_ms: number;
            /** Echo Dbfs */
            echo_dbfs: number;
            /** Held At Ms */
            held_at_ms: number | null;
            /** Level Dbfs */
            level_dbfs: number;
            /** Lost Ms */
            lost_ms: number;
            /** Noise Floor Dbfs */
            noise_floor_dbfs: number;
            /** Onset At Ms */
            onset_at_ms: number;
            /** Probes */
            probes: components["schemas"]["ProbeBody"][];
            /** Reason */
            reason: string;
            /** Suspected At Ms */
            suspected_at_ms: number;
            /** Turn Id */
            turn_id: string | null;
            /** Voiced Ms */
            voiced_ms: number;
        };
        /** BargeInCounts */
        BargeInCounts: {
            /** Accepted */
            accepted: number;
            /** Ducked Ms */
            ducked_ms: number;
            /** Held */
            held: number;
            /** Lost Ms */
            lost_ms: number;
            /** Rejected */
            rejected: {
                [key: string]: number;
            };
            /** Suspected */
            suspected: number;
        };
        /** CallBody */
        CallBody: {
            barge_in_counts: components["schemas"]["BargeInCounts"];
            /** Barge Ins */
            barge_ins: components["schemas"]["BargeInBody"][];
            /** Duration Seconds */
            duration_seconds: number;
            /** End Reason */
            end_reason: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Interview Id */
            interview_id?: string | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /** Recording */
            recording: boolean;
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            /**
             * Sound
             * @enum {string}
             */
            sound: "none" | "unfinished" | "ready" | "deleted";
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "live" | "lost" | "ended" | "abandoned";
            /** Turn Count */
            turn_count: number;
            /** Turns */
            turns: components["schemas"]["TurnBody"][];
        };
        /** CallEnded */
        CallEnded: {
            /** Call Id */
            call_id: string;
            /** Reason */
            reason: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "call_ended";
        };
        /** CallPage */
        CallPage: {
            /** Count */
            count: number;
            /** Items */
            items: components["schemas"]["CallSummary"][];
        };
        /** CallSummary */
        CallSummary: {
            /** Duration Seconds */
            duration_seconds: number;
            /** End Reason */
            end_reason: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Interview Id */
            interview_id?: string | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /** Recording */
            recording: boolean;
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "live" | "lost" | "ended" | "abandoned";
            /** Turn Count */
            turn_count: number;
        };
        /** CancelTts */
        CancelTts: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "cancel_tts";
        };
        ClientMessage: components["schemas"]["Offer"] | components["schemas"]["IceCandidate"] | components["schemas"]["CancelTts"] | components["schemas"]["EndTurn"] | components["schemas"]["Thinking"] | components["schemas"]["UserText"] | components["schemas"]["Playback"] | components["schemas"]["MediaSettings"] | components["schemas"]["EndCallRequest"] | components["schemas"]["Ping"];
        /** CorrectionRequest */
        CorrectionRequest: {
            /** Attempt */
            attempt: number;
            /** Transcript */
            transcript: string;
        };
        /** CsrfToken */
        CsrfToken: {
            /** Csrf Token */
            csrf_token: string;
        };
        /** EndCallRequest */
        EndCallRequest: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "end_call";
        };
        /** EndTurn */
        EndTurn: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "end_turn";
        };
        /**
         * ErrorBody
         * @description Any answer that is not a success.
         */
        ErrorBody: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Errors */
            errors?: {
                [key: string]: string[];
            } | null;
        };
        /** ErrorMessage */
        ErrorMessage: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Recoverable */
            recoverable: boolean;
            /** Retry After */
            retry_after?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "error";
        };
        /** FillerBody */
        FillerBody: {
            /** Count */
            count: number;
            /** Word */
            word: string;
        };
        /** Health */
        Health: {
            /** Detail */
            detail?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "full" | "draining" | "starting" | "misconfigured";
        };
        /** HintBody */
        HintBody: {
            /** After */
            after: number;
            /** Asked */
            asked: boolean;
            /** Point */
            point: string;
            /** Text */
            text: string;
        };
        /** HistoryLine */
        HistoryLine: {
            /** At Ms */
            at_ms: number;
            /** Heard Upto */
            heard_upto?: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted?: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Text */
            text: string;
            /** Turn Id */
            turn_id: string;
        };
        /**
         * HowBody
         * @description How the points come about.
         */
        HowBody: {
            /** Notes */
            notes: string[];
            /** Rules */
            rules: components["schemas"]["RuleBody"][];
        };
        /** IceCandidate */
        IceCandidate: {
            /** Candidate */
            candidate: string | null;
            /** Sdpmlineindex */
            sdpMLineIndex?: number | null;
            /** Sdpmid */
            sdpMid?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ice-candidate";
            /** Usernamefragment */
            usernameFragment?: string | null;
        };
        /** IceServer */
        IceServer: {
            /** Credential */
            credential?: string | null;
            /** Urls */
            urls: string[];
            /** Username */
            username?: string | null;
        };
        /** InterviewBody */
        InterviewBody: {
            /**
             * Active At
             * Format: date-time
             */
            active_at: string;
            /** Calls */
            calls: components["schemas"]["InterviewCallBody"][];
            /** Candidate */
            candidate: string;
            /** Done */
            done: number;
            /** Evaluator */
            evaluator: ("minilm" | "lexical" | "mixed") | null;
            /** Evaluator Words */
            evaluator_words: string;
            /** Finished At */
            finished_at: string | null;
            how: components["schemas"]["HowBody"];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Open */
            is_open: boolean;
            /** Next Question */
            next_question: number | null;
            /** Next Stage */
            next_stage: ("basic" | "moderate" | "advanced") | null;
            /** Open Call Id */
            open_call_id: string | null;
            /** Open Until */
            open_until: string | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /** Question Bank */
            question_bank: string;
            /** Questions */
            questions: components["schemas"]["QuestionBody"][];
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            score: components["schemas"]["ScoreBody"];
            speech: components["schemas"]["SpeechBody"];
            /** Stages */
            stages: components["schemas"]["StageBody"][];
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "paused" | "finished" | "abandoned";
            /** Summary */
            summary: string;
            /** Trend */
            trend: components["schemas"]["TrendBody"][];
        };
        /**
         * InterviewCallBody
         * @description A call in which it was held.
         */
        InterviewCallBody: {
            /**
             * Call Id
             * Format: uuid
             */
            call_id: string;
            /** Duration Seconds */
            duration_seconds: number;
            /**
             * Sound
             * @enum {string}
             */
            sound: "none" | "unfinished" | "ready" | "deleted";
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /** InterviewPage */
        InterviewPage: {
            /** Count */
            count: number;
            /** Items */
            items: components["schemas"]["InterviewSummary"][];
        };
        /**
         * InterviewProgress
         * @description How one question of a scored interview stands: sent on every change, and for the present one on connecting.
         *
         *     `done` without a score: it could not be scored.
         */
        InterviewProgress: {
            /** Hint Given */
            hint_given: boolean;
            /** Index */
            index: number;
            /** Score */
            score?: number | null;
            /**
             * Stage
             * @enum {string}
             */
            stage: "basic" | "moderate" | "advanced";
            /**
             * Status
             * @enum {string}
             */
            status: "asking" | "await_1" | "eval_1" | "hinting" | "await_2" | "eval_2" | "done";
            /** Total */
            total: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "interview";
        };
        /** InterviewSummary */
        InterviewSummary: {
            /**
             * Active At
             * Format: date-time
             */
            active_at: string;
            /** Done */
            done: number;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Open */
            is_open: boolean;
            /** Next Question */
            next_question: number | null;
            /** Next Stage */
            next_stage: ("basic" | "moderate" | "advanced") | null;
            /** Open Call Id */
            open_call_id: string | null;
            /** Open Until */
            open_until: string | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /** Question Bank */
            question_bank: string;
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            score: components["schemas"]["ScoreBody"];
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "paused" | "finished" | "abandoned";
        };
        /** Me */
        Me: {
            preferences: components["schemas"]["Preferences"];
            user: components["schemas"]["Person"];
        };
        /** MediaSettings */
        MediaSettings: {
            /** Auto Gain Control */
            auto_gain_control: boolean;
            /** Echo Cancellation */
            echo_cancellation: boolean;
            /** Muted */
            muted: boolean;
            /** Noise Suppression */
            noise_suppression: boolean;
            /**
             * Push To Talk
             * @default false
             */
            push_to_talk?: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "media_settings";
        };
        /** Notice */
        Notice: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "notice";
        };
        /** Offer */
        Offer: {
            /**
             * Restart
             * @default false
             */
            restart?: boolean;
            /** Sdp */
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "offer";
        };
        /**
         * PartBody
         * @description One utterance of an answer: mostly there is only one.
         */
        PartBody: {
            /** Audio Url */
            audio_url: string | null;
            /** Call Id */
            call_id: string | null;
            /** Clip Ms */
            clip_ms: number | null;
            /** Duration Ms */
            duration_ms: number | null;
            /** End */
            end: number;
            /** Start */
            start: number;
            /** Started At Ms */
            started_at_ms: number | null;
            /**
             * Utterance Id
             * Format: uuid
             */
            utterance_id: string;
        };
        /** Person */
        Person: {
            /** Display Name */
            display_name: string;
            /** Is Staff */
            is_staff: boolean;
            /** Username */
            username: string;
        };
        /**
         * PersonaBody
         * @description A persona as it is written now, and as a page shows it.
         */
        PersonaBody: {
            card: components["schemas"]["PersonaCard"];
            /** Configuration */
            configuration: {
                [key: string]: unknown;
            };
            /** Is Archived */
            is_archived: boolean;
            /** Is Preset */
            is_preset: boolean;
        };
        /**
         * PersonaCard
         * @description What a page shows of a persona.
         */
        PersonaCard: {
            /** Adjusted */
            adjusted: boolean;
            /** Description */
            description: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "conversation" | "interview";
            /** Language */
            language: string;
            /** Manner */
            manner: string;
            /** Manner Words */
            manner_words: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
            /** Shape */
            shape: string;
            /** Silence Duration Ms */
            silence_duration_ms: number;
            /** Slug */
            slug: string;
            /** Version */
            version: number;
            /** Voice Words */
            voice_words: string;
        };
        /** Ping */
        Ping: {
            /** At */
            at: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
        };
        /** Playback */
        Playback: {
            /** Playout Delay Ms */
            playout_delay_ms?: number | null;
            /**
             * State
             * @enum {string}
             */
            state: "started" | "blocked";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playback";
        };
        /**
         * PointBody
         * @description What became of one key point, in all attempts together.
         */
        PointBody: {
            /** Hinted */
            hinted: boolean;
            /** Id */
            id: string;
            /** Name */
            name: string;
            quote: components["schemas"]["QuoteBody"] | null;
            /** Score */
            score: number;
            /**
             * Status
             * @enum {string}
             */
            status: "covered" | "missed" | "contradicted";
            /** Wording */
            wording: string;
        };
        /** Pong */
        Pong: {
            /** At */
            at: number;
            /** Server At Ms */
            server_at_ms: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
        };
        /**
         * PracticeBody
         * @description One more answer to a question, to practise. It is never counted.
         */
        PracticeBody: {
            /** Answer */
            answer: string;
            /** Coverage */
            coverage: number;
            /** Covered */
            covered: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Evaluator
             * @enum {string}
             */
            evaluator: "minilm" | "lexical";
            /** Id */
            id: number;
            /**
             * Label
             * @enum {string}
             */
            label: "correct" | "partial" | "incorrect";
            /** Points */
            points: components["schemas"]["PracticePoint"][];
        };
        /** PracticePoint */
        PracticePoint: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Quote */
            quote: string;
            /**
             * Status
             * @enum {string}
             */
            status: "covered" | "missed" | "contradicted";
            /** Wording */
            wording: string;
        };
        /** Preferences */
        Preferences: {
            /** Recording */
            recording: boolean | null;
            /** Silence Duration Ms */
            silence_duration_ms: number | null;
            /**
             * Theme
             * @enum {string}
             */
            theme: "system" | "light" | "dark";
        };
        /**
         * PreferencesChange
         * @description Only what is named changes.
         */
        PreferencesChange: {
            /**
             * Recording
             * @default false
             */
            recording?: boolean;
            /** Silence Duration Ms */
            silence_duration_ms?: number | null;
            /**
             * Theme
             * @default system
             * @enum {string}
             */
            theme?: "system" | "light" | "dark";
        };
        /**
         * ProbeBody
         * @description One look at a candidate's words.
         */
        ProbeBody: {
            /** Alternatives */
            alternatives?: string[];
            /** Answered At Ms */
            answered_at_ms: number | null;
            /** Asked At Ms */
            asked_at_ms: number;
            /** Avg Logprob */
            avg_logprob: number | null;
            /** Clip Ms */
            clip_ms: number;
            /** No Speech Probability */
            no_speech_probability: number | null;
            /** Reason */
            reason: string;
            /** Verdict */
            verdict: string;
            /** Words */
            words: string;
        };
        /** QuestionBody */
        QuestionBody: {
            as_heard: components["schemas"]["AsHeardBody"] | null;
            /** Asked At */
            asked_at: string | null;
            /** Attempts */
            attempts: components["schemas"]["AttemptBody"][];
            /** Can Practise */
            can_practise: boolean;
            /** Clarification */
            clarification: string;
            /** Clarifications */
            clarifications: number;
            /** Coverage */
            coverage: number | null;
            /** Done At */
            done_at: string | null;
            /** Evaluator */
            evaluator: ("minilm" | "lexical") | null;
            /** Hints */
            hints: components["schemas"]["HintBody"][];
            /** Is Asked */
            is_asked: boolean;
            /** Is Corrected */
            is_corrected: boolean;
            /** Is Reviewed */
            is_reviewed: boolean;
            /** Is Shown */
            is_shown: boolean;
            /** Key Points */
            key_points: components["schemas"]["PointBody"][];
            /** Maximum */
            maximum: number;
            /** Model Answer */
            model_answer: string;
            /** Number */
            number: number;
            /** Outcome */
            outcome: ("scored" | "skipped" | "no_answer" | "unscorable") | null;
            /** Points */
            points: number | null;
            /** Practice */
            practice: components["schemas"]["PracticeBody"][];
            /** Question Id */
            question_id: string;
            /** Repeats */
            repeats: number;
            /** Silences */
            silences: number;
            /**
             * Stage
             * @enum {string}
             */
            stage: "basic" | "moderate" | "advanced";
            /**
             * Status
             * @enum {string}
             */
            status: "pending" | "asking" | "await_1" | "eval_1" | "hinting" | "await_2" | "eval_2" | "done";
            /** Text */
            text: string;
            /** Topic */
            topic: string;
            /** Unclear */
            unclear: components["schemas"]["AttemptBody"][];
            /** Unscorable */
            unscorable: ("low_snr" | "clipping" | "doubtful_transcript" | "recogniser_failed" | "evaluator_failed" | "no_words" | "reviewer") | null;
            /** Unscorable Words */
            unscorable_words: string;
            /** Why */
            why: string;
        };
        /**
         * QuoteBody
         * @description Words of the candidate, and where they stand.
         */
        QuoteBody: {
            /** At Ms */
            at_ms: number | null;
            /** Attempt */
            attempt: number;
            /** Call Id */
            call_id: string | null;
            /** End */
            end: number | null;
            /** Start */
            start: number | null;
            /** Text */
            text: string;
            /** Until Ms */
            until_ms: number | null;
            /** Utterance Id */
            utterance_id: string | null;
        };
        /** Ready */
        Ready: {
            /** Call Id */
            call_id: string;
            /** History */
            history: components["schemas"]["HistoryLine"][];
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
            persona: components["schemas"]["PersonaCard"];
            /** Resumed */
            resumed: boolean;
            /** Room Id */
            room_id: string;
            /** Silence Duration Ms */
            silence_duration_ms: number;
            /**
             * Stand Ins
             * @default []
             */
            stand_ins?: string[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ready";
        };
        /** RetryRequest */
        RetryRequest: {
            /** Answer */
            answer: string;
        };
        /** RoomBody */
        RoomBody: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Interview Id */
            interview_id?: string | null;
            /** Interview Status */
            interview_status?: ("active" | "paused" | "finished" | "abandoned") | null;
            /** Is Active */
            is_active: boolean;
            /** Open Call Id */
            open_call_id: string | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
        };
        /** RoomPage */
        RoomPage: {
            /** Count */
            count: number;
            /** Items */
            items: components["schemas"]["RoomBody"][];
        };
        /** RoomRequest */
        RoomRequest: {
            /** Persona */
            persona: string;
        };
        /**
         * RuleBody
         * @description One row of the table.
         */
        RuleBody: {
            /** Points */
            points: number;
            /** When */
            when: string;
        };
        /** ScoreBody */
        ScoreBody: {
            /** Asked */
            asked: number;
            /** Asked Maximum */
            asked_maximum: number;
            /** Asked Percent */
            asked_percent: number | null;
            band: components["schemas"]["BandBody"] | null;
            /** Is Corrected */
            is_corrected: boolean;
            /** Maximum */
            maximum: number;
            /** Maximum As Heard */
            maximum_as_heard: number;
            /** Not Reached */
            not_reached: number;
            /** Not Scorable */
            not_scorable: number;
            /** Out Of */
            out_of: number;
            /** Percent */
            percent: number | null;
            /** Points */
            points: number;
            /** Points As Heard */
            points_as_heard: number;
            /** Scored */
            scored: number;
            /** Total */
            total: number;
        };
        ServerMessage: components["schemas"]["Ready"] | components["schemas"]["Answer"] | components["schemas"]["AgentState"] | components["schemas"]["SpeakingState"] | components["schemas"]["TranscriptLine"] | components["schemas"]["BargeIn"] | components["schemas"]["ThinkingState"] | components["schemas"]["TurnMetrics"] | components["schemas"]["InterviewProgress"] | components["schemas"]["Notice"] | components["schemas"]["ErrorMessage"] | components["schemas"]["CallEnded"] | components["schemas"]["Pong"];
        /** SpeakingState */
        SpeakingState: {
            /** At Ms */
            at_ms: number;
            /**
             * Speaker
             * @enum {string}
             */
            speaker: "user" | "agent";
            /** Speaking */
            speaking: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "speaking_state";
        };
        /**
         * SpeechBody
         * @description How the answers were spoken, in counts. It says nothing of how anybody felt.
         */
        SpeechBody: {
            /** Answers */
            answers: number;
            /** Filler Words */
            filler_words: components["schemas"]["FillerBody"][];
            /** Fillers */
            fillers: number;
            /** Longest Pause Ms */
            longest_pause_ms: number | null;
            /** Pause From Ms */
            pause_from_ms: number;
            /** Pauses */
            pauses: number | null;
            /** Recorded Answers */
            recorded_answers: number;
            /** Speaking Seconds */
            speaking_seconds: number;
            /** Words */
            words: number;
            /** Words A Minute */
            words_a_minute: number | null;
        };
        /** StageBody */
        StageBody: {
            /** Asked */
            asked: number;
            /** Maximum */
            maximum: number;
            /** Not Scorable */
            not_scorable: number;
            /** Percent */
            percent: number | null;
            /** Points */
            points: number;
            /** Questions */
            questions: number;
            /**
             * Stage
             * @enum {string}
             */
            stage: "basic" | "moderate" | "advanced";
        };
        /**
         * Template
         * @description Something to start a persona from.
         */
        Template: {
            /** Configuration */
            configuration: {
                [key: string]: unknown;
            };
            /** Description */
            description: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
        };
        /**
         * Thinking
         * @description "Let me think": the silence count stands still until speech, `end_turn` or the time is over.
         */
        Thinking: {
            /**
             * Seconds
             * @default 30
             */
            seconds?: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "thinking";
        };
        /**
         * ThinkingState
         * @description The user asked for time to think, in words or with the button; `until_ms` is absent when silence counts again.
         */
        ThinkingState: {
            /** At Ms */
            at_ms: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "thinking";
            /** Until Ms */
            until_ms?: number | null;
        };
        /** Ticket */
        Ticket: {
            /** Expires In */
            expires_in: number;
            /** Ticket */
            ticket: string;
        };
        /** TranscriptLine */
        TranscriptLine: {
            /**
             * At Ms
             * @default 0
             */
            at_ms?: number;
            /** Final */
            final: boolean;
            /** Heard Upto */
            heard_upto?: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted?: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Supersedes */
            supersedes?: string[] | null;
            /** Text */
            text: string;
            /** Turn Id */
            turn_id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "transcript";
            /** Utterance Id */
            utterance_id?: string | null;
        };
        /**
         * TrendBody
         * @description One of the candidate's interviews.
         */
        TrendBody: {
            /**
             * Finished At
             * Format: date-time
             */
            finished_at: string;
            /**
             * Interview Id
             * Format: uuid
             */
            interview_id: string;
            /** Is This */
            is_this: boolean;
            /** Maximum */
            maximum: number;
            /** Percent */
            percent: number | null;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Points */
            points: number;
            /** Question Bank */
            question_bank: string;
        };
        /** TurnBody */
        TurnBody: {
            /** Ended At Ms */
            ended_at_ms: number | null;
            /** Heard Upto */
            heard_upto: number;
            /** Interrupted */
            interrupted: boolean;
            metrics: components["schemas"]["TurnTimes"];
            /** Number */
            number: number;
            /** Reply */
            reply: string;
            /** Started At Ms */
            started_at_ms: number;
            /** Transcript */
            transcript: string;
            /**
             * Turn Id
             * Format: uuid
             */
            turn_id: string;
            /** Utterance Id */
            utterance_id: string | null;
        };
        /** TurnMetrics */
        TurnMetrics: {
            /** Clipping Percent */
            clipping_percent?: number | null;
            /** End Of Turn Ms */
            end_of_turn_ms?: number | null;
            /** Energy Dbfs */
            energy_dbfs?: number | null;
            /** First Sound Ms */
            first_sound_ms?: number | null;
            /** Llm First Token Ms */
            llm_first_token_ms?: number | null;
            /** Noise Floor Dbfs */
            noise_floor_dbfs?: number | null;
            /** Reply Latency Ms */
            reply_latency_ms?: number | null;
            /** Snr Db */
            snr_db?: number | null;
            /** Spectral Flatness */
            spectral_flatness?: number | null;
            /** Stt Ms */
            stt_ms?: number | null;
            /** Tts First Audio Ms */
            tts_first_audio_ms?: number | null;
            /** Turn Id */
            turn_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn_metrics";
            /** Voice To Voice Ms */
            voice_to_voice_ms?: number | null;
        };
        /**
         * TurnTimes
         * @description A turn's times in milliseconds, its level and noise; the names are those of `turn_metrics` on the wire.
         */
        TurnTimes: {
            /** Clipping Percent */
            clipping_percent?: number | null;
            /** End Of Turn Ms */
            end_of_turn_ms?: number | null;
            /** Energy Dbfs */
            energy_dbfs?: number | null;
            /** First Sound Ms */
            first_sound_ms?: number | null;
            /** Llm First Token Ms */
            llm_first_token_ms?: number | null;
            /** Noise Floor Dbfs */
            noise_floor_dbfs?: number | null;
            /** Reply Latency Ms */
            reply_latency_ms?: number | null;
            /** Snr Db */
            snr_db?: number | null;
            /** Spectral Flatness */
            spectral_flatness?: number | null;
            /** Stt Ms */
            stt_ms?: number | null;
            /** Tts First Audio Ms */
            tts_first_audio_ms?: number | null;
            /** Voice To Voice Ms */
            voice_to_voice_ms?: number | null;
        };
        /** UserText */
        UserText: {
            /** Text */
            text: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "user_text";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_calls: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallPage"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_recording: {
        parameters: {
            query?: {
                track?: "user" | "agent" | "stereo" | "conditioned";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description The part that `Range` asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Requested Range Not Satisfiable */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_utterance_audio: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call_id: string;
                utterance_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description The part that `Range` asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Requested Range Not Satisfiable */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_csrf_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CsrfToken"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    list_interviews: {
        parameters: {
            query?: {
                status?: ("open" | "over" | "active" | "paused" | "finished" | "abandoned") | null;
                persona?: string | null;
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterviewPage"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_interview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                interview_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterviewBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_interview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                interview_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export_interview: {
        parameters: {
            query?: {
                format?: "json" | "markdown" | "webvtt";
            };
            header?: never;
            path: {
                interview_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report as a file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "text/markdown": string;
                    "text/vtt": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    correct_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                interview_id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterviewBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    practise_question: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                interview_id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PracticeBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_preferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreferencesChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_personas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaCard"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_persona_schema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_persona_templates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"][];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_persona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_rooms: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomPage"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_room: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
