// Made by `npm run api:types` from contracts/openapi.json. Not edited by hand.

export interface paths {
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
         * @description One call with its transcript and each turn's times.
         */
        get: operations["get_call"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
    "/api/v1/personas/{slug}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Persona
         * @description One persona; somebody else's is not there.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** CsrfToken */
        CsrfToken: {
            /** Csrf Token */
            csrf_token: string;
        };
        /** Me */
        Me: {
            user: components["schemas"]["Person"];
            preferences: components["schemas"]["Preferences"];
        };
        /** Person */
        Person: {
            /** Username */
            username: string;
            /** Display Name */
            display_name: string;
            /** Is Staff */
            is_staff: boolean;
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
         * ErrorBody
         * @description Any answer that is not a success.
         */
        ErrorBody: {
            /** Detail */
            detail: string;
            /** Code */
            code: string;
            /** Errors */
            errors?: {
                [key: string]: string[];
            } | null;
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
        /** Health */
        Health: {
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "full" | "draining" | "starting" | "misconfigured";
            /** Detail */
            detail?: string | null;
        };
        /** IceServer */
        IceServer: {
            /** Urls */
            urls: string[];
            /** Username */
            username?: string | null;
            /** Credential */
            credential?: string | null;
        };
        /** RoomBody */
        RoomBody: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Is Active */
            is_active: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Open Call Id */
            open_call_id: string | null;
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
        };
        /** RoomRequest */
        RoomRequest: {
            /** Persona */
            persona: string;
        };
        /** RoomPage */
        RoomPage: {
            /** Items */
            items: components["schemas"]["RoomBody"][];
            /** Count */
            count: number;
        };
        /** Ticket */
        Ticket: {
            /** Ticket */
            ticket: string;
            /** Expires In */
            expires_in: number;
        };
        /** CallPage */
        CallPage: {
            /** Items */
            items: components["schemas"]["CallSummary"][];
            /** Count */
            count: number;
        };
        /** CallSummary */
        CallSummary: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /**
             * Status
             * @enum {string}
             */
            status: "live" | "lost" | "ended" | "abandoned";
            /** End Reason */
            end_reason: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Ended At */
            ended_at: string | null;
            /** Duration Seconds */
            duration_seconds: number;
            /** Turn Count */
            turn_count: number;
            /** Recording */
            recording: boolean;
        };
        /** CallBody */
        CallBody: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Room Id
             * Format: uuid
             */
            room_id: string;
            /** Persona */
            persona: string;
            /** Persona Name */
            persona_name: string;
            /** Persona Version */
            persona_version: number;
            /**
             * Status
             * @enum {string}
             */
            status: "live" | "lost" | "ended" | "abandoned";
            /** End Reason */
            end_reason: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Ended At */
            ended_at: string | null;
            /** Duration Seconds */
            duration_seconds: number;
            /** Turn Count */
            turn_count: number;
            /** Recording */
            recording: boolean;
            /** Turns */
            turns: components["schemas"]["TurnBody"][];
        };
        /** TurnBody */
        TurnBody: {
            /**
             * Turn Id
             * Format: uuid
             */
            turn_id: string;
            /** Utterance Id */
            utterance_id: string | null;
            /** Number */
            number: number;
            /** Started At Ms */
            started_at_ms: number;
            /** Ended At Ms */
            ended_at_ms: number | null;
            /** Transcript */
            transcript: string;
            /** Reply */
            reply: string;
            /** Heard Upto */
            heard_upto: number;
            /** Interrupted */
            interrupted: boolean;
            metrics: components["schemas"]["TurnTimes"];
        };
        /**
         * TurnTimes
         * @description A turn's times in milliseconds, its level and noise; the names are those of `turn_metrics` on the wire.
         */
        TurnTimes: {
            /** End Of Turn Ms */
            end_of_turn_ms?: number | null;
            /** Stt Ms */
            stt_ms?: number | null;
            /** Llm First Token Ms */
            llm_first_token_ms?: number | null;
            /** Tts First Audio Ms */
            tts_first_audio_ms?: number | null;
            /** First Sound Ms */
            first_sound_ms?: number | null;
            /** Reply Latency Ms */
            reply_latency_ms?: number | null;
            /** Voice To Voice Ms */
            voice_to_voice_ms?: number | null;
            /** Snr Db */
            snr_db?: number | null;
            /** Clipping Percent */
            clipping_percent?: number | null;
        };
        /**
         * PersonaCard
         * @description What a page shows of a persona.
         */
        PersonaCard: {
            /** Slug */
            slug: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
            /** Description */
            description: string;
            /** Shape */
            shape: string;
            /** Manner */
            manner: string;
            /** Manner Words */
            manner_words: string;
            /** Adjusted */
            adjusted: boolean;
            /** Voice Words */
            voice_words: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "conversation" | "interview";
            /** Version */
            version: number;
            /** Language */
            language: string;
            /** Silence Duration Ms */
            silence_duration_ms: number;
        };
        /**
         * Template
         * @description Something to start a persona from.
         */
        Template: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Role */
            role: string;
            /** Description */
            description: string;
            /** Configuration */
            configuration: {
                [key: string]: unknown;
            };
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
            /** Is Preset */
            is_preset: boolean;
            /** Is Archived */
            is_archived: boolean;
        };
        /** CancelTts */
        CancelTts: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "cancel_tts";
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
        /** IceCandidate */
        IceCandidate: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ice-candidate";
            /** Candidate */
            candidate: string | null;
            /**
             * Sdpmid
             * @default null
             */
            sdpMid?: string | null;
            /**
             * Sdpmlineindex
             * @default null
             */
            sdpMLineIndex?: number | null;
            /**
             * Usernamefragment
             * @default null
             */
            usernameFragment?: string | null;
        };
        /** MediaSettings */
        MediaSettings: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "media_settings";
            /** Echo Cancellation */
            echo_cancellation: boolean;
            /** Noise Suppression */
            noise_suppression: boolean;
            /** Auto Gain Control */
            auto_gain_control: boolean;
            /** Muted */
            muted: boolean;
            /**
             * Push To Talk
             * @default false
             */
            push_to_talk?: boolean;
        };
        /** Offer */
        Offer: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "offer";
            /** Sdp */
            sdp: string;
            /**
             * Restart
             * @default false
             */
            restart?: boolean;
        };
        /** Ping */
        Ping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
            /** At */
            at: number;
        };
        /** Playback */
        Playback: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playback";
            /**
             * State
             * @enum {string}
             */
            state: "started" | "blocked";
            /**
             * Playout Delay Ms
             * @default null
             */
            playout_delay_ms?: number | null;
        };
        /** UserText */
        UserText: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "user_text";
            /** Text */
            text: string;
        };
        ClientMessage: components["schemas"]["Offer"] | components["schemas"]["IceCandidate"] | components["schemas"]["CancelTts"] | components["schemas"]["EndTurn"] | components["schemas"]["UserText"] | components["schemas"]["Playback"] | components["schemas"]["MediaSettings"] | components["schemas"]["EndCallRequest"] | components["schemas"]["Ping"];
        /** AgentState */
        AgentState: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "agent_state";
            /**
             * State
             * @enum {string}
             */
            state: "WAIT_FOR_USER" | "VALIDATING_UTTERANCE" | "PROCESSING_USER" | "AI_SPEAKING";
            /**
             * Turn Id
             * @default null
             */
            turn_id?: string | null;
            /** At Ms */
            at_ms: number;
        };
        /** Answer */
        Answer: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "answer";
            /** Sdp */
            sdp: string;
        };
        /** CallEnded */
        CallEnded: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "call_ended";
            /** Reason */
            reason: string;
            /** Call Id */
            call_id: string;
        };
        /** ErrorMessage */
        ErrorMessage: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "error";
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Recoverable */
            recoverable: boolean;
            /**
             * Retry After
             * @default null
             */
            retry_after?: number | null;
        };
        /** HistoryLine */
        HistoryLine: {
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Text */
            text: string;
            /** Turn Id */
            turn_id: string;
            /** At Ms */
            at_ms: number;
            /**
             * Heard Upto
             * @default null
             */
            heard_upto?: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted?: boolean;
        };
        /** Notice */
        Notice: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "notice";
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /** Pong */
        Pong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
            /** At */
            at: number;
            /** Server At Ms */
            server_at_ms: number;
        };
        /** Ready */
        Ready: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ready";
            /** Room Id */
            room_id: string;
            /** Call Id */
            call_id: string;
            persona: components["schemas"]["PersonaCard"];
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
            /** Resumed */
            resumed: boolean;
            /** History */
            history: components["schemas"]["HistoryLine"][];
            /** Silence Duration Ms */
            silence_duration_ms: number;
            /**
             * Stand Ins
             * @default []
             */
            stand_ins?: string[];
        };
        /** SpeakingState */
        SpeakingState: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "speaking_state";
            /**
             * Speaker
             * @enum {string}
             */
            speaker: "user" | "agent";
            /** Speaking */
            speaking: boolean;
            /** At Ms */
            at_ms: number;
        };
        /** TranscriptLine */
        TranscriptLine: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "transcript";
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Text */
            text: string;
            /**
             * Utterance Id
             * @default null
             */
            utterance_id?: string | null;
            /**
             * Turn Id
             * @default null
             */
            turn_id?: string | null;
            /** Final */
            final: boolean;
            /**
             * Heard Upto
             * @default null
             */
            heard_upto?: number | null;
            /**
             * Interrupted
             * @default false
             */
            interrupted?: boolean;
            /**
             * At Ms
             * @default 0
             */
            at_ms?: number;
        };
        /** TurnMetrics */
        TurnMetrics: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn_metrics";
            /** Turn Id */
            turn_id: string;
            /**
             * End Of Turn Ms
             * @default null
             */
            end_of_turn_ms?: number | null;
            /**
             * Stt Ms
             * @default null
             */
            stt_ms?: number | null;
            /**
             * Llm First Token Ms
             * @default null
             */
            llm_first_token_ms?: number | null;
            /**
             * Tts First Audio Ms
             * @default null
             */
            tts_first_audio_ms?: number | null;
            /**
             * First Sound Ms
             * @default null
             */
            first_sound_ms?: number | null;
            /**
             * Reply Latency Ms
             * @default null
             */
            reply_latency_ms?: number | null;
            /**
             * Voice To Voice Ms
             * @default null
             */
            voice_to_voice_ms?: number | null;
            /**
             * Snr Db
             * @default null
             */
            snr_db?: number | null;
            /**
             * Clipping Percent
             * @default null
             */
            clipping_percent?: number | null;
        };
        ServerMessage: components["schemas"]["Ready"] | components["schemas"]["Answer"] | components["schemas"]["AgentState"] | components["schemas"]["SpeakingState"] | components["schemas"]["TranscriptLine"] | components["schemas"]["TurnMetrics"] | components["schemas"]["Notice"] | components["schemas"]["ErrorMessage"] | components["schemas"]["CallEnded"] | components["schemas"]["Pong"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
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
}
