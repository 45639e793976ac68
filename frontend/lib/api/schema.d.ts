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
        /**
         * InterviewProgress
         * @description Where a scored interview stands. Nothing sends it before there is one.
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
